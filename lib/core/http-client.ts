// Every call that leaves this server: time limits, retries, circuit breakers, and the filter before addresses of users.
import { setTimeout as wait } from 'node:timers/promises'
import { kernel } from './kernel'
import type { Guard } from './outbound/agents'
import { passBreaker } from './outbound/breaker'
import { type OutboundHeaders, type OutboundReply, urlOf } from './outbound/exchange'
import { type Call, follow } from './outbound/follow'
import { isOutboundError, OutboundError, type OutboundFault } from './outbound/outbound-error'

export type { Resolve } from './outbound/agents'
export { breakers } from './outbound/breaker'
export type { OutboundReply } from './outbound/exchange'
export { isOutboundError, OutboundError, type OutboundFault } from './outbound/outbound-error'
export { isPublicAddress } from './outbound/public-address'

/** How an attempt ended: with a status, or with none. */
export type Ended = { status: number } | { fault: OutboundFault }

export type Outbound = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  url: string | URL
  headers?: OutboundHeaders
  body?: string | Uint8Array
  // Of one attempt, from connecting to the last byte.
  timeoutMs?: number
  attempts?: number
  signal?: AbortSignal
  maxBytes?: number
  // Whether a longer answer is cut there instead of being a failure.
  cutsBody?: boolean
  retryOn?: (status: number) => boolean
  // The calls that fail together; without a name the calls of 'operator' go by their origin, those of 'public' by none.
  breaker?: string
  // What counts as such a failure; without it, every 5xx, every lost connection and every time limit.
  breaks?: (end: Ended) => boolean
  guard?: Guard
  // Development only: lets 'public' reach private addresses.
  allowPrivate?: boolean
  // How many to follow; each is checked like the first.
  redirects?: number
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 1_048_576
const FIRST_WAIT_MS = 200
const MAX_WAIT_MS = 30_000

const isWorthRetrying = (status: number): boolean => status === 429 || (status >= 500 && status !== 501)

const isTransient = (error: unknown): boolean =>
  isOutboundError(error) && (error.fault === 'network' || error.fault === 'timeout')

/** Milliseconds that the other side asks for, in seconds or as a date. */
export const retryAfterMs = (text: string | undefined): number | null => {
  if (text === undefined || text.trim() === '') return null
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, Math.min(seconds * 1000, MAX_WAIT_MS))
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, Math.min(at - kernel().clock.now().getTime(), MAX_WAIT_MS))
}

const backoff = (attempt: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), MAX_WAIT_MS) * (0.75 + Math.random() / 2)

const pause = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
  try {
    await wait(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    throw new OutboundError('aborted', 'The call was given up', error)
  }
}

const callOf = (outbound: Outbound): Call => ({
  method: outbound.method ?? 'GET',
  headers: outbound.headers ?? {},
  body: outbound.body ?? null,
  timeoutMs: outbound.timeoutMs ?? TIMEOUT_MS,
  maxBytes: outbound.maxBytes ?? MAX_BYTES,
  cutsBody: outbound.cutsBody ?? false,
  redirects: outbound.redirects ?? 0,
  signal: outbound.signal,
  guard: outbound.guard === 'public' && !outbound.allowPrivate ? 'public' : 'operator',
})

const breaksByItself = (end: Ended): boolean =>
  'status' in end ? end.status >= 500 : end.fault === 'network' || end.fault === 'timeout'

type Break = { name: string | undefined; breaks: (end: Ended) => boolean }

const attempt = async (call: Call, url: URL, { name, breaks }: Break): Promise<OutboundReply> => {
  const pass = passBreaker(name)
  try {
    const reply = await follow(call, url)
    if (breaks(reply)) pass.failed()
    else pass.succeeded()
    return reply
  } catch (error) {
    if (isOutboundError(error) && breaks(error)) pass.failed()
    else pass.released()
    throw error
  }
}

/** Answers with whatever status came back; throws an OutboundError when none did. */
export const request = async (outbound: Outbound): Promise<OutboundReply> => {
  const call = callOf(outbound)
  const url = urlOf(outbound.url, call.guard)
  const name = outbound.breaker ?? (outbound.guard === 'public' ? undefined : url.origin)
  const breaker = { name, breaks: outbound.breaks ?? breaksByItself }
  const attempts = outbound.attempts ?? 1
  const retryOn = outbound.retryOn ?? isWorthRetrying
  for (let n = 1; ; n++) {
    let waitMs = backoff(n)
    try {
      const reply = await attempt(call, url, breaker)
      if (n >= attempts || !retryOn(reply.status)) return reply
      waitMs = retryAfterMs(reply.headers['retry-after']) ?? waitMs
    } catch (error) {
      if (n >= attempts || !isTransient(error)) throw error
    }
    await pause(waitMs, call.signal)
  }
}

/** Throws when the address could never be called: no http(s), a password in it, or literally private. */
export const assertOutboundUrl = (url: string, allowPrivate = false): URL =>
  urlOf(url, allowPrivate ? 'operator' : 'public')
