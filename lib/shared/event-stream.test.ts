import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventReader, readEvents, type ServerEvent } from './event-stream'

const bytes = (text: string) => new TextEncoder().encode(text)

const streamOf = (parts: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })

const collect = async (parts: readonly Uint8Array[]): Promise<ServerEvent[]> => {
  const events: ServerEvent[] = []
  for await (const event of readEvents(streamOf(parts))) events.push(event)
  return events
}

describe('event streams', () => {
  it.each([
    ['event: chunk\ndata: {"a":1}\n\n', [{ event: 'chunk', id: '', data: '{"a":1}' }]],
    ['data: one\ndata: two\n\n', [{ event: 'message', id: '', data: 'one\ntwo' }]],
    [
      ': ping\n\nid: 7\r\ndata:x\r\n\r\ndata: y\r\r',
      [
        { event: 'message', id: '7', data: 'x' },
        { event: 'message', id: '7', data: 'y' },
      ],
    ],
    ['\uFEFFdata:  two spaces\n\n', [{ event: 'message', id: '', data: ' two spaces' }]],
    [
      'data\n\nevent: nothing\n\nunknown: z\ndata: a\n\n',
      [
        { event: 'message', id: '', data: '' },
        { event: 'message', id: '', data: 'a' },
      ],
    ],
    ['data: cut off in the middle\n', []],
  ])('reads %j', async (text, events) => {
    expect(await collect([bytes(text)])).toEqual(events)
  })

  it('does not care where the network cuts, even within a character or a line end', async () => {
    const text = ': open\n\nevent: chunk\r\ndata: größe 🦡 \r\ndata: 2\r\n\r\nid: 9\rdata: z\r\rdata: end\n\n'
    const whole = bytes(text)
    const expected = await collect([whole])
    expect(expected).toHaveLength(3)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(whole.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
        const parts = places.slice(1).map((end, at) => whole.slice(places[at], end))
        expect(await collect(parts)).toEqual(expected)
      }),
    )
  })

  it('refuses an event without an end', () => {
    const read = createEventReader(100)
    expect(() => read('x'.repeat(101))).toThrow('too long')
    const lines = createEventReader(100)
    expect(() => lines('data: 1234567890\n'.repeat(10))).toThrow('too long')
  })

  it('lets go of the connection when the reader leaves', async () => {
    let left = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes('data: x\n\n')),
      cancel: () => {
        left = true
      },
    })
    for await (const event of readEvents(body)) {
      expect(event.data).toBe('x')
      break
    }
    expect(left).toBe(true)
  })
})
