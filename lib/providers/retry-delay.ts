type Settings = { baseMs: number; maxMs: number; jitter: number }

// `failed` counts from 1; `random` is from 0 to 1.
export const retryDelay = (failed: number, { baseMs, maxMs, jitter }: Settings, random: number): number => {
  const wait = Math.min(maxMs, baseMs * 2 ** (failed - 1))
  return Math.max(0, Math.round(wait * (1 + jitter * (2 * random - 1))))
}

// Resolves to false when the signal came first.
export const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const onAbort = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve(true)
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
