import type { ReadDb } from '@/lib/core/scope'

const MOST_AT_ONCE = 500

// Of these ids the runs of this installation; what came in from others is none.
export const findOwnRuns = async (db: ReadDb, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const own = new Set<string>()
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const where = { id: { in: ids.slice(at, at + MOST_AT_ONCE) }, origin: { not: 'otlp' } }
    for (const { id } of await db.trace.findMany({ where, select: { id: true } })) own.add(id)
  }
  return own
}
