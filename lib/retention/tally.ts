import { type Freed, NOTHING_FREED, plusFreed, type Taken } from '@/lib/tracing'
import { type Digest, newDigest } from './digest'
import type { Action, Left } from './due-batches'

export type Tally = {
  counts: Record<Action, number>
  digests: Record<Action, Digest>
  bytes: number
  freed: Freed
  snapshots: number
  records: number
  parts: number
  left: Left
}

export const newTally = (): Tally => ({
  counts: { delete: 0, reduce: 0 },
  digests: { delete: newDigest(), reduce: newDigest() },
  bytes: 0,
  freed: NOTHING_FREED,
  snapshots: 0,
  records: 0,
  parts: 0,
  left: { running: 0, pending: 0 },
})

export const addTaken = (tally: Tally, action: Action, { ids, bytes, freed }: Taken): void => {
  tally.counts[action] += ids.length
  tally.digests[action].add(ids)
  tally.bytes += bytes
  tally.freed = plusFreed(tally.freed, freed)
  tally.parts++
}

export const addFreed = (tally: Tally, freed: Freed, snapshots = 0): void => {
  tally.bytes += freed.bytes
  tally.freed = plusFreed(tally.freed, freed)
  tally.snapshots += snapshots
  tally.parts++
}

export const addRecords = (tally: Tally, deleted: number): void => {
  tally.records += deleted
  tally.parts++
}

export const hasDone = (tally: Tally): boolean => tally.parts > 0
