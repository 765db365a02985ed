export type ModelName = { provider: string; id: string; isQualified: boolean }

// Only the first segment can be a provider, and only if it names one: openrouter/meta-llama/x, groq/openai/gpt-oss.
export const splitModelName = (text: string, known: readonly string[], standard: string): ModelName => {
  const name = text.trim()
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  return slash > 0 && known.includes(first)
    ? { provider: first, id: name.slice(slash + 1), isQualified: true }
    : { provider: standard, id: name, isQualified: false }
}
