const SUSPECT = /\\u(?:0000|d[89a-f])/
const ESCAPE = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g

const isUnstorable = (text: string): boolean => text === '\\u0000' || text.startsWith('\\ud')

// PostgreSQL takes neither NUL nor half a surrogate pair, and one such character would cost the whole commit. Escapes
// are told from text that looks like one by reading them in order.
export const storableJson = (value: unknown): string => {
  const json = JSON.stringify(value)
  return SUSPECT.test(json) ? json.replace(ESCAPE, (text) => (isUnstorable(text) ? '\ufffd' : text)) : json
}
