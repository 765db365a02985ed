import { Problem } from '@/lib/shared/problem'

export type Term = { text: string; isPrefix: boolean }

const MOST_TERMS = 32
const LONGEST = 200
const HAS_WORD = /[\p{L}\p{N}]/u
// A phrase in quotes, also one that never ends, or what stands between blanks.
const PARTS = /"([^"]*)"?(\*?)|[^\s"]+/gu

const termOf = (match: RegExpMatchArray): Term => {
  const isQuoted = match[1] !== undefined
  const whole = match[1] ?? match[0]
  const isPrefix = isQuoted ? match[2] === '*' : whole.endsWith('*')
  const text = whole.replace(/\p{Cc}/gu, ' ').trim()
  return { text: isQuoted ? text : text.replace(/\*+$/, ''), isPrefix }
}

const refuse = (message: string): never => {
  throw new Problem('invalid_request', 'Invalid query parameters', { formErrors: [], fieldErrors: { q: [message] } })
}

// Everything a person may type is words, phrases and beginnings of words; nothing of it is an operator.
export const parseSearch = (q: string): Term[] => {
  const terms = [...q.matchAll(PARTS)].map(termOf).filter(({ text }) => HAS_WORD.test(text))
  if (terms.length > MOST_TERMS) return refuse(`must hold at most ${MOST_TERMS} words and phrases`)
  if (terms.some(({ text }) => text.length > LONGEST)) return refuse(`no word may be longer than ${LONGEST} characters`)
  return terms
}

const quotedFor = (sign: string, text: string): string => `${sign}${text.replaceAll(sign, sign + sign)}${sign}`

// FTS5 takes what stands in double quotes as text. The tenant is narrowed here and proven on the row.
export const ftsMatch = (tenantId: string, terms: readonly Term[]): string =>
  [
    `"tenantId" : ^ ${quotedFor('"', tenantId)}`,
    ...terms.map(({ text, isPrefix }) => `"text" : ${quotedFor('"', text)}${isPrefix ? ' *' : ''}`),
  ].join(' AND ')

const tsWord = (text: string): string => quotedFor("'", text.replaceAll('\\', '\\\\'))

export const tsMatch = (terms: readonly Term[]): string =>
  terms.map(({ text, isPrefix }) => `${tsWord(text)}${isPrefix ? ':*' : ''}`).join(' & ')

export const tenantWord = (tenantId: string): string => tsWord(`tenant=${tenantId}`)
