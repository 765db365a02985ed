import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'
import { asProblem } from './problem-reply'
import type { Visit } from './visit'

export type StreamEvent = { event: string; id?: string; data: unknown }

const HEARTBEAT_MS = 15_000

const line = (text: string): string => text.replace(/[\r\n]/g, ' ')

const frame = ({ event, id, data }: StreamEvent): string =>
  `${id === undefined ? '' : `id: ${line(id)}\n`}event: ${line(event)}\ndata: ${JSON.stringify(data)}\n\n`

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

// Pulled by the reader: a client that does not read stops the source. An error after the first byte is the last event.
export const eventStream = (source: AsyncIterable<StreamEvent>, visit: Visit, endsByItself = false): Response => {
  const encoder = new TextEncoder()
  const events = source[Symbol.asyncIterator]()
  const gauge = kernel().metrics.liveStreams
  let timer: NodeJS.Timeout | undefined
  let pending: Promise<IteratorResult<StreamEvent>> | null = null
  let isOpen = true
  let forget: () => void = () => undefined
  const end = () => {
    if (!isOpen) return
    isOpen = false
    clearInterval(timer)
    gauge.dec({ transport: 'sse' })
    forget()
    void events.return?.()
  }
  const failure = (error: unknown): Uint8Array => {
    const { message, code } = asProblem(error)
    return encoder.encode(frame({ event: 'error', data: { error: message, code, request_id: visit.requestId } }))
  }
  // A server that leaves does not wait for a source that may have nothing to say for hours.
  const leave = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (!isOpen) return
    controller.enqueue(failure(new Problem('shutting_down')))
    controller.close()
    end()
  }
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (!endsByItself) forget = kernel().onStop('intake', () => leave(controller))
      gauge.inc({ transport: 'sse' })
      controller.enqueue(encoder.encode(': open\n\n'))
      timer = setInterval(() => controller.enqueue(encoder.encode(': ping\n\n')), HEARTBEAT_MS)
      visit.signal.addEventListener('abort', end, { once: true })
    },
    pull: async (controller) => {
      try {
        pending ??= events.next()
        const { done, value } = await pending
        pending = null
        if (!done) return controller.enqueue(encoder.encode(frame(value)))
      } catch (error) {
        if (isOpen) controller.enqueue(failure(error))
      }
      if (isOpen) controller.close()
      end()
    },
    cancel: end,
  })
  return new Response(stream, { headers: HEADERS })
}
