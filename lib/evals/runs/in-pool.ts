type Ways<T> = {
  width: () => number
  next: () => Promise<T | null>
  work: (item: T) => Promise<void>
  // Asked before each item is begun.
  mayBegin: () => boolean
}

/** So many at a time, until nothing is left or nothing may begin. The first failure is thrown once all are settled. */
export const inPool = async <T>({ width, next, work, mayBegin }: Ways<T>): Promise<void> => {
  const running = new Set<Promise<void>>()
  const state: { failure: { error: unknown } | null } = { failure: null }
  const begin = (item: T): void => {
    const run = work(item)
      .catch((error: unknown) => {
        state.failure ??= { error }
      })
      .finally(() => void running.delete(run))
    running.add(run)
  }
  while (state.failure === null && mayBegin()) {
    if (running.size >= Math.max(1, width())) {
      await Promise.race(running)
      continue
    }
    const item = await next()
    if (item === null) break
    if (state.failure === null && mayBegin()) begin(item)
  }
  await Promise.all(running)
  if (state.failure !== null) throw state.failure.error
}
