const MOST_TOOLS = 256
const MOST_CHARACTERS = 200

// Blanks and commas part tools, but not inside parentheses: `Bash(git add:*) Read, ns:*`.
const parts = (text: string): string[] => {
  const found: string[] = []
  let depth = 0
  let word = ''
  for (const letter of text) {
    if (letter === '(') depth++
    if (letter === ')') depth = Math.max(0, depth - 1)
    if (depth === 0 && /[\s,]/.test(letter)) {
      found.push(word)
      word = ''
    } else word += letter
  }
  return [...found, word]
}

export const readAllowedTools = (value: unknown): { tools: string[]; warnings: string[] } => {
  if (value === undefined || value === null) return { tools: [], warnings: [] }
  const isList = Array.isArray(value)
  const given = isList ? value : typeof value === 'string' ? parts(value) : null
  if (!given) return { tools: [], warnings: ['allowed-tools is neither a text nor a list; it permits nothing'] }
  const texts = given.filter((item): item is string => typeof item === 'string').map((item) => item.trim())
  const tools = [...new Set(texts)].filter((item) => item !== '' && item.length <= MOST_CHARACTERS)
  const warnings = [
    ...(texts.length < given.length ? ['allowed-tools holds entries that are no text; they are left out'] : []),
    ...(tools.length > MOST_TOOLS ? [`allowed-tools names more than ${MOST_TOOLS} tools; the rest is left out`] : []),
  ]
  return { tools: tools.slice(0, MOST_TOOLS), warnings }
}
