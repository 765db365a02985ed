import type { ReadDb } from '@/lib/core/scope'
import { type StoredSpan, spanOfRow } from './span-row'

// Comparing more would keep all others waiting for seconds.
const MOST_SPANS = 20_000

export const findSpansOf = async (db: ReadDb, traceId: string): Promise<StoredSpan[]> => {
  const rows = await db.traceSpan.findMany({
    where: { traceId },
    orderBy: [{ startNs: 'asc' }, { spanId: 'asc' }],
    take: MOST_SPANS,
  })
  return rows.map(spanOfRow)
}

export type KeptFile = { path: string; bodyHash: string; size: number }

// By path; empty where the version was not kept.
export const findBundleFiles = (db: ReadDb, bundleHash: string): Promise<KeptFile[]> =>
  db.bundleFile.findMany({
    where: { bundleHash },
    orderBy: { path: 'asc' },
    select: { path: true, bodyHash: true, size: true },
  })
