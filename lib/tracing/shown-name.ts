// A name that somebody's program gives is shown to all while it reads as a name: a sentence may be a prompt.

const WORD = String.raw`[\p{L}\p{N}_.:/@()#*<>=+-]{1,80}`
const NAME = new RegExp(`^${WORD}(?: ${WORD}){0,3}$`, 'u')

// What programs write for programs.
export const CODE = /^[\w.:-]{1,64}$/

export const isName = (name: string): boolean => NAME.test(name)

export const shownName = (name: string, instead: string): string => (isName(name) ? name : instead)
