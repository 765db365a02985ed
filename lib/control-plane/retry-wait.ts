// How long to wait before the next attempt: what the backend asks for, else a doubling pause with jitter.
export const BASE_MS = 100
export const MOST_MS = 5_000

export const askedWaitMs = (retryAfter: string | undefined, nowMs: number): number | null => {
  if (retryAfter === undefined) return null
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * 1000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

export const pauseMs = (attempt: number, random: number): number =>
  Math.min(BASE_MS * 2 ** (attempt - 1), MOST_MS) * (0.5 + random)
