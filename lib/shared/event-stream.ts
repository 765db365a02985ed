export type ServerEvent = { event: string; id: string; data: string }

// One event may be as long as an answer; beyond this a sender is broken or hostile.
const MOST = 8_388_608

type Draft = { event: string; data: string[] }

// Reads text as it comes, cut anywhere, and gives back the events that became whole.
export const createEventReader = (most = MOST) => {
  let rest = ''
  let isFirst = true
  let endsInReturn = false
  let lastId = ''
  let size = 0
  let draft: Draft = { event: '', data: [] }

  const field = (name: string, value: string): void => {
    if (name === 'data') draft.data.push(value)
    else if (name === 'event') draft.event = value
    else if (name === 'id' && !value.includes('\0')) lastId = value
  }

  const finish = (): ServerEvent | null => {
    const { event, data } = draft
    draft = { event: '', data: [] }
    size = 0
    return data.length === 0 ? null : { event: event === '' ? 'message' : event, id: lastId, data: data.join('\n') }
  }

  const take = (line: string): ServerEvent | null => {
    if (line === '') return finish()
    if (line.startsWith(':')) return null
    size += line.length
    if (size > most) throw new Error('An event of the stream is too long.')
    const colon = line.indexOf(':')
    if (colon < 0) field(line, '')
    else field(line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1))
    return null
  }

  return (text: string): ServerEvent[] => {
    if (text === '') return []
    const fresh = isFirst ? text.replace(/^\uFEFF/, '') : endsInReturn ? text.replace(/^\n/, '') : text
    isFirst = false
    // A carriage return ends a line at once; the line feed that may follow belongs to it.
    endsInReturn = text.endsWith('\r')
    const lines = (rest + fresh).split(/\r\n|\n|\r/)
    rest = lines.pop() ?? ''
    if (rest.length > most) throw new Error('An event of the stream is too long.')
    return lines.map(take).filter((event) => event !== null)
  }
}

// Events of a server-sent stream, as the standard reads them. What was cut off in the middle is not an event.
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const read = createEventReader()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const reader = body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      yield* read(decoder.decode(part.value, { stream: true }))
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
