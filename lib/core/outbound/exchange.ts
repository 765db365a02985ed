import { type Dispatcher, request as send } from 'undici'
import { agentFor, type Guard } from './agents'
import { asOutboundError, OutboundError } from './outbound-error'
import { isLocalName, isPublicAddress, literalAddress } from './public-address'

export type OutboundHeaders = Readonly<Record<string, string>>

export type Exchange = {
  method: Dispatcher.HttpMethod
  url: URL
  headers: OutboundHeaders
  body: string | Uint8Array | null
  timeoutMs: number
  signal: AbortSignal | undefined
  maxBytes: number
  // A longer answer is cut there instead of being a failure.
  cutsBody: boolean
  guard: Guard
}

export type OutboundReply = {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  // Throws when the text is no JSON.
  json(): unknown
}

export const urlOf = (text: string | URL, guard: Guard): URL => {
  const url = URL.canParse(String(text)) ? new URL(text) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new OutboundError('invalid_url', 'The address must be an http or https URL')
  if (guard === 'operator') return url
  if (url.username !== '' || url.password !== '')
    throw new OutboundError('invalid_url', 'The address must not carry a user or a password')
  const literal = literalAddress(url.hostname)
  if (isLocalName(url.hostname) || (literal !== null && !isPublicAddress(literal)))
    throw new OutboundError('address_refused', `${url.hostname} is a private address`)
  return url
}

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

const readText = async (body: Dispatcher.ResponseData['body'], maxBytes: number, cuts: boolean): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += (chunk as Buffer).length
    if (size > maxBytes) {
      body.destroy()
      if (cuts) break
      throw new OutboundError('too_large', `The answer is larger than ${maxBytes} bytes`)
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

type Limit = { signal: AbortSignal; isLate(): boolean; end(): void }

// The caller's signal and the clock, as one.
const limitOf = ({ timeoutMs, signal }: Exchange): Limit => {
  const over = new AbortController()
  const state = { isLate: false }
  const leave = () => over.abort(signal?.reason)
  const timer = setTimeout(() => {
    state.isLate = true
    over.abort()
  }, timeoutMs)
  timer.unref()
  signal?.addEventListener('abort', leave, { once: true })
  if (signal?.aborted) leave()
  return {
    signal: over.signal,
    isLate: () => state.isLate,
    end: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    },
  }
}

const faultOf = (error: unknown, exchange: Exchange, limit: Limit): OutboundError => {
  if (exchange.signal?.aborted) return new OutboundError('aborted', 'The call was given up', error)
  if (limit.isLate()) return new OutboundError('timeout', `No answer within ${exchange.timeoutMs} ms`, error)
  return asOutboundError(error)
}

// One call, one answer: connecting, headers and body share one time limit. Redirects are the caller's matter.
export const exchange = async (call: Exchange): Promise<OutboundReply> => {
  const limit = limitOf(call)
  try {
    const { statusCode, headers, body } = await send(call.url, {
      dispatcher: agentFor(call.guard),
      method: call.method,
      headers: { ...call.headers },
      body: call.body,
      signal: limit.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const text = await readText(body, call.maxBytes, call.cutsBody)
    return { status: statusCode, headers: flat(headers), text, json: () => JSON.parse(text) as unknown }
  } catch (error) {
    throw faultOf(error, call, limit)
  } finally {
    limit.end()
  }
}
