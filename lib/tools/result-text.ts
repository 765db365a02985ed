const MOST_BYTES = 64 * 1024
const MARKER_ROOM = 100

// JSON leaves these as they are, but a terminal, a log or a reader may act on them.
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g

const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`

const jsonOf = (value: unknown): string | null => {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return null
  }
}

// `encodeInto` stops before the first letter that does not fit whole.
export const cappedText = (text: string, most = MOST_BYTES): string => {
  const bytes = Buffer.byteLength(text)
  if (bytes <= most) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most - MARKER_ROOM))
  const shown = text.slice(0, read)
  return `${shown}\n[truncated: ${Buffer.byteLength(shown)} of ${bytes} bytes are shown]`
}

// What a model is told of a result: JSON on one line, whatever a backend sent.
export const resultText = (value: unknown): string => {
  const json = jsonOf(value)
  return json === null ? '[the result cannot be written as JSON]' : cappedText(json.replace(UNSEEN, escaped))
}
