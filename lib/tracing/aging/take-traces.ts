import type { MutateDb, Scope } from '@/lib/core/scope'
import { clearDeliveries, deleteDeliveries } from '@/lib/webhooks'
import type { Storage } from './aged-traces'
import { type Freed, releaseBodies } from './drop-bodies'
import { DELETE_PARTS, deleteTraceRows, dropReplies } from './sql-delete'
import { ERASE_CASES, tracesAsking } from './sql-derived'
import { claim, measureAgain } from './sql-measure'
import { REDUCTIONS } from './sql-reduce'

type Row = { id: string }

export type Taking = {
  ids: readonly string[]
  // Traces of others that never ended count as over when their lease ended before.
  stale: string
  // Bodies that were used since then stay.
  young: string
  // Only the traces of this user, as they are now.
  user?: { user: string; user_name: string }
}

// The ids that were really taken, in the order given.
export type Taken = { ids: readonly string[]; bytes: number; freed: Freed }

const sumOf = (rows: readonly Record<string, unknown>[]): number =>
  rows.reduce((sum, row) => sum + Number(row['bytes']), 0)

// What runs, or still has something to deliver, is left alone, whatever the caller saw before.
const claimed = async (db: MutateDb, { ids, stale, user }: Taking): Promise<{ rows: Row[]; bytes: number }> => {
  const found = await db.run(
    claim,
    ids.map((id) => ({ id, stale, user: user?.user ?? null, user_name: user?.user_name ?? null })),
  )
  const free = new Set(found.map((row) => String(row['id'])))
  return { rows: ids.filter((id) => free.has(id)).map((id) => ({ id })), bytes: sumOf(found) }
}

const taken = (rows: readonly Row[], bytes: number, freed: Freed): Taken => ({
  ids: rows.map(({ id }) => id),
  bytes: bytes + freed.bytes,
  freed,
})

/** Inside one transaction: traces and all that hangs on them. Sums by the hour, ledger and audit rows stay. */
export const deleteTraces = async (db: MutateDb, taking: Taking): Promise<Taken> => {
  const { rows, bytes } = await claimed(db, taking)
  const ids = rows.map(({ id }) => id)
  await deleteDeliveries(db, ids)
  if (taking.user !== undefined) for (const statement of [dropReplies, ...ERASE_CASES]) await db.run(statement, rows)
  for (const statement of DELETE_PARTS) await db.run(statement, rows)
  const freed = await releaseBodies(db, rows, taking.young)
  await db.run(deleteTraceRows, rows)
  return taken(rows, bytes, freed)
}

type Asking = { user: string; user_name: string; after: string; most: number }

/** Ids of runs of others that were given what this user said, a page at a time. */
export const idsAsking = async (scope: Scope, asking: Asking): Promise<string[]> =>
  (await scope.rows(tracesAsking, asking)).map((row) => String(row['id']))

/** Inside one transaction: what a storage mode does not keep. */
export const reduceTraces = async (db: MutateDb, storage: Exclude<Storage, 'full'>, taking: Taking): Promise<Taken> => {
  const { rows, bytes } = await claimed(db, taking)
  const ids = rows.map(({ id }) => id)
  await clearDeliveries(db, ids)
  for (const statement of REDUCTIONS[storage]) await db.run(statement, rows)
  const freed = await releaseBodies(db, rows, taking.young)
  return taken(rows, bytes - sumOf(await db.run(measureAgain, rows)), freed)
}
