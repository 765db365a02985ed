import { kernel } from '@/lib/core/kernel'

// Work on one trace takes turns within this process; other processes are told apart by the version of the trace.
type Turns = Map<string, Promise<unknown>>

const turns = (): Turns => kernel().slot('tracing.turns', () => new Map())

export const inTurn = async <T>(keys: readonly string[], work: () => Promise<T>): Promise<T> => {
  const queue = turns()
  const before = keys.map((key) => queue.get(key) ?? Promise.resolve())
  const own = Promise.allSettled(before).then(work)
  const over = own.then(
    () => undefined,
    () => undefined,
  )
  for (const key of keys) queue.set(key, over)
  try {
    return await own
  } finally {
    for (const key of keys) if (queue.get(key) === over) queue.delete(key)
  }
}
