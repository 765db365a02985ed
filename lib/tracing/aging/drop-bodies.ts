import { dateOf } from '@/lib/core/clock'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { countFree, dropBodies, unlinkBodies } from './sql-delete'

const YOUNG_MS = 3_600_000
const SLICE = 5_000

export type Freed = { bodies: number; bytes: number; young: number }

export const NOTHING_FREED: Freed = { bodies: 0, bytes: 0, young: 0 }

export const plusFreed = (a: Freed, b: Freed): Freed => ({
  bodies: a.bodies + b.bodies,
  bytes: a.bytes + b.bytes,
  young: a.young + b.young,
})

// A transaction that is under way may be about to name a body of the last hour.
export const youngSince = ({ clock }: Pick<Scope, 'clock'>): string =>
  storedTime(dateOf(clock.now().getTime() - YOUNG_MS))

export const dropFreeBodies = async (db: MutateDb, hashes: readonly string[], before: string): Promise<Freed> => {
  let freed = NOTHING_FREED
  for (let from = 0; from < hashes.length; from += SLICE) {
    const rows = hashes.slice(from, from + SLICE).map((hash) => ({ hash, before }))
    const gone = await db.run(dropBodies, rows)
    const [left] = await db.run(countFree, rows)
    const bytes = gone.reduce((sum, row) => sum + Number(row['bytes']), 0)
    freed = plusFreed(freed, { bodies: gone.length, bytes, young: Number(left?.['n'] ?? 0) })
  }
  return freed
}

// Texts that no other trace and no bundle holds go with the traces that held them.
export const releaseBodies = async (db: MutateDb, rows: readonly { id: string }[], before: string): Promise<Freed> => {
  const links = await db.run(unlinkBodies, rows)
  return dropFreeBodies(db, [...new Set(links.map((row) => String(row['hash'])))], before)
}
