type Ways<T> = {
  width: () => number
  next: () => Promise<T | null>
  // `free` gives the place to the next item before this one has come to its end.
  work: (item: T, free: () => void) => Promise<void>
  // Asked before each item is begun.
  mayBegin: () => boolean
}

/** So many at a time, until nothing is left or nothing may begin. The first failure is thrown once all are settled. */
export const inPool = async <T>({ width, next, work, mayBegin }: Ways<T>): Promise<void> => {
  const running = new Set<Promise<void>>()
  const ending = new Set<Promise<void>>()
  const state: { failure: { error: unknown } | null } = { failure: null }
  const begin = (item: T): void => {
    let free: () => void = () => undefined
    const place = new Promise<void>((resolve) => {
      free = () => {
        running.delete(place)
        resolve()
      }
    })
    running.add(place)
    const run = work(item, free)
      .catch((error: unknown) => {
        state.failure ??= { error }
      })
      .finally(() => {
        free()
        ending.delete(run)
      })
    ending.add(run)
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
  await Promise.all(ending)
  if (state.failure !== null) throw state.failure.error
}
