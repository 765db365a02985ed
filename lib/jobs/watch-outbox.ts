import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { createLoop, type Loop } from './loop'
import { eventsAfter, eventsAmong, newestEventIds } from './store-events'

const POLL_MS = 500
const BATCH = 500
const LOOK_BACK = 200
// A transaction may commit this late after it drew its number; later it was rolled back.
const GAP_MS = 15_000
const MOST_GAPS = 5_000

type Cursor = { last: bigint; gaps: Map<bigint, number> }

export type OutboxWatch = { loop: Loop; look(): Promise<boolean> }

const noteGaps = (cursor: Cursor, from: bigint, to: bigint): void => {
  const now = monotonicMs()
  for (let id = from + 1n; id < to && cursor.gaps.size < MOST_GAPS; id++) cursor.gaps.set(id, now)
}

// PostgreSQL hands out numbers before it commits, so a smaller one can appear after a greater one.
const startOf = async (): Promise<Cursor> => {
  const ids = await newestEventIds(LOOK_BACK)
  const cursor: Cursor = { last: ids.at(-1) ?? 0n, gaps: new Map() }
  ids.forEach((id, index) => {
    const before = ids[index - 1]
    if (before !== undefined) noteGaps(cursor, before, id)
  })
  return cursor
}

const dropOldGaps = ({ gaps }: Cursor): void => {
  const oldest = monotonicMs() - GAP_MS
  for (const [id, since] of gaps) if (since < oldest) gaps.delete(id)
}

type Event = Awaited<ReturnType<typeof eventsAfter>>[number]

const late = async (cursor: Cursor): Promise<Event[]> => {
  if (cursor.gaps.size === 0) return []
  const found = await eventsAmong([...cursor.gaps.keys()])
  for (const { id } of found) cursor.gaps.delete(id)
  dropOldGaps(cursor)
  return found
}

const fresh = async (cursor: Cursor): Promise<Event[]> => {
  const found = await eventsAfter(cursor.last, BATCH)
  for (const { id } of found) {
    noteGaps(cursor, cursor.last, id)
    cursor.last = id
  }
  return found
}

// Every instance reads the outbox for itself, so every instance tells its own listeners everything, once.
export const createOutboxWatch = async (): Promise<OutboxWatch> => {
  const cursor = await startOf()
  const look = async (): Promise<boolean> => {
    const lateOnes = await late(cursor)
    const found = await fresh(cursor)
    for (const event of [...lateOnes, ...found]) kernel().bus.emit('event', event)
    return found.length === BATCH
  }
  return { look, loop: createLoop(look, (error) => kernel().log.error('outbox failed', { error })) }
}

export const startOutboxWatch = async (): Promise<OutboxWatch> => {
  const watch = await createOutboxWatch()
  const { bus, onStop } = kernel()
  const off = bus.on('committed', watch.loop.wakeSoon)
  watch.loop.every(POLL_MS, async () => watch.loop.wake())
  onStop('close', async () => {
    off()
    watch.loop.stop()
    await watch.loop.settled()
  })
  return watch
}
