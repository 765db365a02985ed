import { Readable, Transform } from 'node:stream'
import { type Dispatcher, request as send } from 'undici'
import { agentFor, type Guard } from './agents'
import { urlOf } from './exchange'
import { asOutboundError, OutboundError } from './outbound-error'

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

type Rules = {
  guard: Guard
  // Bytes that one answer may have; the connection ends there.
  maxBytes: number
  onTooLarge?: () => void
}

const METHODS: readonly string[] = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD'] satisfies Dispatcher.HttpMethod[]

const isMethod = (text: string): text is Dispatcher.HttpMethod => METHODS.includes(text)

const counted = (maxBytes: number, onTooLarge: (() => void) | undefined): Transform => {
  let size = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length
      if (size <= maxBytes) return done(null, chunk)
      onTooLarge?.()
      done(new OutboundError('too_large', `The answer is larger than ${maxBytes} bytes`))
    },
  })
}

const headersOf = (raw: Record<string, string | string[] | undefined>): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(raw))
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) headers.append(name, one)
  return headers
}

const HAS_NO_BODY: readonly number[] = [204, 205, 304]

/** Fetch behind the filter of addresses. It follows no redirect: whoever does so comes back here with the next address. */
export const guardedFetch =
  ({ guard, maxBytes, onTooLarge }: Rules): Fetch =>
  async (address, init = {}) => {
    const url = urlOf(address, guard)
    const method = (init.method ?? 'GET').toUpperCase()
    if (!isMethod(method)) throw new OutboundError('invalid_url', 'The method is not supported')
    try {
      const { statusCode, headers, body } = await send(url, {
        dispatcher: agentFor(guard),
        method,
        headers: Object.fromEntries(new Headers(init.headers)),
        body: typeof init.body === 'string' ? init.body : null,
        signal: init.signal ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      const through = counted(maxBytes, onTooLarge)
      body.on('error', (error) => through.destroy(error)).pipe(through)
      through.on('close', () => body.destroy())
      const isEmpty = HAS_NO_BODY.includes(statusCode)
      if (isEmpty) through.resume()
      return new Response(isEmpty ? null : (Readable.toWeb(through) as ReadableStream<Uint8Array>), {
        status: statusCode,
        headers: headersOf(headers),
      })
    } catch (error) {
      throw asOutboundError(error)
    }
  }
