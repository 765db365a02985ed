// Events of a run on their way to a reader. A reader that does not read stops the run; one that left stops nothing.
export type Channel<T> = AsyncIterable<T> & {
  push(item: T): Promise<void>
  end(): void
}

const ROOM = 64

export const createChannel = <T>(onLeave: () => void = () => undefined): Channel<T> => {
  const items: T[] = []
  const state: { ended: boolean; left: boolean; reader: (() => void) | null; writers: (() => void)[] } = {
    ended: false,
    left: false,
    reader: null,
    writers: [],
  }
  const wakeReader = () => {
    state.reader?.()
    state.reader = null
  }
  const wakeWriters = () => {
    for (const wake of state.writers.splice(0)) wake()
  }
  const next = async (): Promise<IteratorResult<T>> => {
    while (items.length === 0 && !state.ended)
      await new Promise<void>((resolve) => {
        state.reader = resolve
      })
    const item = items.shift()
    wakeWriters()
    return item === undefined ? { done: true, value: undefined } : { done: false, value: item }
  }
  const leave = async (): Promise<IteratorResult<T>> => {
    const isEarly = !state.ended
    state.left = true
    items.length = 0
    state.ended = true
    wakeWriters()
    if (isEarly) onLeave()
    return { done: true, value: undefined }
  }
  return {
    push: async (item) => {
      if (state.left || state.ended) return
      items.push(item)
      wakeReader()
      while (items.length >= ROOM && !state.left)
        await new Promise<void>((resolve) => {
          state.writers.push(resolve)
        })
    },
    end: () => {
      state.ended = true
      wakeReader()
    },
    [Symbol.asyncIterator]: () => ({ next, return: leave }),
  }
}
