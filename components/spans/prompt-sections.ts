export type PromptSection = { title: string; text: string; tokens: number }

const HEADING = /^#{1,2}\s+(\S.*)$/
const FENCE = /^\s*(?:```|~~~)/
const CHARACTERS_PER_TOKEN = 4
const MOST_SECTIONS = 200

// What a text takes at a model, about: vendors count differently, and only they know.
export const roughTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN)

const sectionOf = (title: string, lines: readonly string[]): PromptSection => {
  const text = lines.join('\n').trim()
  return { title, text, tokens: roughTokens(text) }
}

// A system prompt is put together from files, each with a heading of its own. A heading in a code sample is none.
export const promptSections = (prompt: string): PromptSection[] => {
  const found: { title: string; lines: string[] }[] = [{ title: '', lines: [] }]
  let isFenced = false
  for (const line of prompt.split('\n')) {
    if (FENCE.test(line)) isFenced = !isFenced
    const title = isFenced || found.length > MOST_SECTIONS ? undefined : HEADING.exec(line)?.[1]
    if (title === undefined) found.at(-1)?.lines.push(line)
    else found.push({ title: title.trim(), lines: [] })
  }
  const sections = found.map(({ title, lines }) => sectionOf(title, lines))
  const told = sections.filter(({ title, text }) => title !== '' || text !== '')
  return told.map((section) => (section.title === '' ? { ...section, title: 'Beginning' } : section))
}
