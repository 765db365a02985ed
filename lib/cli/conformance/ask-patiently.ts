import { setTimeout as pause } from 'node:timers/promises'

const TRIES = 3
const MOST_MS = 30_000
const TOO_MANY = 429

// How long a refusal by 429 asks to be left alone; null when that is longer than a check can wait.
export const waitMsOf = (retryAfter: string | null, attempt: number, now: number): number | null => {
  const text = retryAfter?.trim() ?? ''
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1_000
  const ms = Number.isNaN(seconds) ? attempt * 1_000 : Math.max(0, seconds * 1_000)
  return ms > MOST_MS ? null : ms
}

// The answer's own clock is the one a date in `Retry-After` was read from; without it, wait the usual time.
const nowOf = (reply: Response) => Date.parse(reply.headers.get('date') ?? '')

/** A backend may say 429 to anything at any time: that is asked again, and says nothing about what was checked. */
export const askPatiently = async (send: () => Promise<Response>, signal?: AbortSignal): Promise<Response> => {
  for (let attempt = 1; ; attempt++) {
    const reply = await send()
    if (reply.status !== TOO_MANY || attempt === TRIES) return reply
    const waitMs = waitMsOf(reply.headers.get('retry-after'), attempt, nowOf(reply))
    if (waitMs === null) return reply
    await reply.body?.cancel()
    await pause(waitMs, undefined, signal ? { signal } : {})
  }
}
