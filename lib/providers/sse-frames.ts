// Frames of a stream as bytes in a latin1 text: nothing is decoded but what is read.
export type Splitter = { push(text: string): string[]; rest(): string; pending(): number }

const BREAK = /\n\r?\n|\r\r/g

export const createSplitter = (): Splitter => {
  let parts: string[] = []
  let pending = 0
  let tail = ''

  const keep = (text: string): void => {
    if (text === '') return
    parts.push(text)
    pending += text.length
    tail = (tail + text).slice(-2)
  }
  const take = (text: string): string => {
    const frame = parts.join('') + text
    parts = []
    pending = 0
    tail = ''
    return frame
  }
  return {
    push: (text) => {
      const frames: string[] = []
      const carried = tail.length
      const seen = tail + text
      let from = carried
      for (const found of seen.matchAll(BREAK)) {
        const to = found.index + found[0].length
        if (to <= from) continue
        frames.push(take(seen.slice(from, to)))
        from = to
      }
      keep(seen.slice(from))
      return frames
    },
    rest: () => take(''),
    pending: () => pending,
  }
}

const LINE = /^data(?::[ ]?(.*))?$/gm

// Null: no JSON object.
export const jsonOf = (frame: string): Record<string, unknown> | null => {
  const data = [...frame.replaceAll('\r', '\n').matchAll(LINE)].map(([, line = '']) => line).join('\n')
  try {
    return fieldsOf(JSON.parse(Buffer.from(data, 'latin1').toString('utf8')))
  } catch {
    return null
  }
}

// Of an object anywhere in a frame; null where there is none.
export const fieldsOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const frameOf = (data: object, event?: string): string =>
  Buffer.from(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`).toString('latin1')
