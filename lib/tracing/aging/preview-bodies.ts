import type { Scope } from '@/lib/core/scope'
import { bodyShares } from './sql-measure'

const MOST_SHARED = 200_000

export type BodyPreview = { add(ids: readonly string[]): Promise<void>; bytes(): number }

/**
 * What the bodies of a set of traces weigh that nothing outside the set needs. Only those that are shared across pages
 * are remembered; where they are too many, the sum is too low rather than the memory too great.
 */
export const previewBodies = (scope: Scope, young: string): BodyPreview => {
  const waiting = new Map<string, number>()
  let total = 0
  const count = (hash: string, here: number, all: number, bytes: number): void => {
    const left = (waiting.get(hash) ?? all) - here
    if (left > 0 && (waiting.has(hash) || waiting.size < MOST_SHARED)) waiting.set(hash, left)
    if (left > 0) return
    waiting.delete(hash)
    total += bytes
  }
  return {
    add: async (ids) => {
      const rows = await scope.rows(bodyShares, { ids: JSON.stringify(ids), before: young })
      for (const row of rows) count(String(row['hash']), Number(row['here']), Number(row['all']), Number(row['bytes']))
    },
    bytes: () => total,
  }
}
