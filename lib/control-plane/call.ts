import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import { exchange, type Outcome } from './exchange'
import { faultFailure, statusFailure } from './failure'
import { askedWaitMs, MOST_MS, pauseMs } from './retry-wait'

export type Call<S extends z.ZodType> = {
  // Completes "Failed to …".
  what: string
  // Whose call it is: what fails for one tenant is not held against another.
  tenantId: string
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string>
  headers: Record<string, string>
  body?: object
  reply: S
  signal: AbortSignal
  timeoutMs?: number
  // 'keyed' may be sent again whenever in doubt, 'once' only when it surely never arrived.
  repeats: 'keyed' | 'once'
  // Put the backend's own words into the details: for what a model is to read.
  quote?: boolean
}

const MAX_QUOTE = 300

// BACKEND_URL may carry a path prefix.
export const addressOf = (path: string, query: Record<string, string> = {}): URL => {
  const base = new URL(kernel().env.BACKEND_URL)
  const address = new URL(base.origin)
  address.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  return address
}

const isWorthRepeating = (outcome: Outcome, repeats: Call<z.ZodType>['repeats']): boolean => {
  if (!outcome.ok) {
    if (outcome.fault === 'never-sent') return true
    return repeats === 'keyed' && (outcome.fault === 'network' || outcome.fault === 'timeout')
  }
  if (outcome.status === 429) return true
  return repeats === 'keyed' && outcome.status >= 500
}

const waitFor = (outcome: Outcome, attempt: number): number => {
  const asked = outcome.ok ? askedWaitMs(outcome.retryAfter, kernel().clock.now().getTime()) : null
  return asked ?? pauseMs(attempt, Math.random())
}

const attemptAll = async <S extends z.ZodType>(call: Call<S>, address: URL): Promise<Outcome> => {
  const { env } = kernel()
  const { method, signal, repeats, body, headers } = call
  for (let attempt = 1; ; attempt++) {
    const outcome = await exchange({
      method,
      url: address,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: call.timeoutMs ?? env.CLASPER_BACKEND_TIMEOUT_MS,
      signal,
      kind: { name: repeats === 'once' ? 'tools' : 'contract', tenantId: call.tenantId },
    })
    if (attempt >= env.CLASPER_BACKEND_ATTEMPTS || !isWorthRepeating(outcome, repeats)) return outcome
    const waitMs = waitFor(outcome, attempt)
    if (waitMs > MOST_MS) return outcome
    await pause(waitMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return { ok: false, fault: 'cancelled', cause: signal.reason }
  }
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const quoteOf = (text: string): string | undefined => {
  const body = parsedJson(text)
  const told = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  return typeof told === 'string' ? told.slice(0, MAX_QUOTE) : undefined
}

/** Asks the backend, again if that is safe, and hands out what it said in the agreed shape or one Problem. */
export const callBackend = async <S extends z.ZodType>(call: Call<S>): Promise<z.output<S>> => {
  const about = { what: call.what, endpoint: `${call.method} ${call.path}` }
  const outcome = await attemptAll(call, addressOf(call.path, call.query))
  if (!outcome.ok) throw faultFailure(about, outcome.fault, outcome.cause)
  if (outcome.status < 200 || outcome.status > 299)
    throw statusFailure(about, outcome.status, call.quote ? quoteOf(outcome.text) : undefined)
  const reply = call.reply.safeParse(parsedJson(outcome.text))
  if (!reply.success) throw faultFailure(about, 'malformed', reply.error, outcome.status)
  return reply.data
}
