export type ImportFormat = 'json' | 'jsonl' | 'csv'

/** What a text most likely is, from how it begins. */
export const formatOfText = (text: string): ImportFormat => {
  const begun = text.trimStart()
  if (begun.startsWith('[')) return 'json'
  if (!begun.startsWith('{')) return begun === '' ? 'jsonl' : 'csv'
  const [line = ''] = begun.split(/\r?\n/, 1)
  try {
    const first: unknown = JSON.parse(line)
    return typeof first === 'object' && first !== null && 'cases' in first ? 'json' : 'jsonl'
  } catch {
    return 'json'
  }
}
