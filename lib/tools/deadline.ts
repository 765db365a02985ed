export type Ended<T> =
  | { kind: 'done'; value: T }
  | { kind: 'failed'; error: unknown }
  | { kind: 'late' }
  | { kind: 'cancelled' }

// The work may ignore its signal; nobody waits for it longer than this.
export const within = <T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Ended<T>> => {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' })
  return new Promise((resolve) => {
    const own = new AbortController()
    const end = (ended: Ended<T>): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      resolve(ended)
      own.abort()
    }
    const cancel = (): void => end({ kind: 'cancelled' })
    const timer = setTimeout(() => end({ kind: 'late' }), ms)
    signal.addEventListener('abort', cancel, { once: true })
    Promise.resolve()
      .then(() => work(own.signal))
      .then(
        (value) => end({ kind: 'done', value }),
        (error: unknown) => end({ kind: 'failed', error }),
      )
  })
}
