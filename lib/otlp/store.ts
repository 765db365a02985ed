import type { ReadDb } from '@/lib/core/scope'

// Of these ids the runs of this installation; what came in from others is none.
export const findOwnRuns = async (db: ReadDb, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  if (ids.length === 0) return new Set()
  const rows = await db.trace.findMany({
    where: { id: { in: [...ids] }, origin: { not: 'otlp' } },
    select: { id: true },
  })
  return new Set(rows.map(({ id }) => id))
}
