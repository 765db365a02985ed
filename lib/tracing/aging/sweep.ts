import type { MutateDb, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { dropFreeBodies, type Freed } from './drop-bodies'
import { bodyPage, dropLooseEvents, dropSnapshots, filesOfSnapshots, looseEvents, unusedSnapshots } from './sql-delete'

const PAGE = 2_000
const MOST = 200

const namesOf = (rows: readonly Record<string, unknown>[], key: string): string[] => rows.map((row) => String(row[key]))

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Bodies that nothing holds, a page at a time. */
export async function* freeBodies(scope: Scope): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const rows = await scope.rows(bodyPage, { after, most: PAGE })
    const free = namesOf(
      rows.filter((row) => Number(row['isFree']) === 1),
      'hash',
    )
    if (free.length > 0) yield free
    if (rows.length < PAGE) return
    after = String(rows.at(-1)?.['hash'])
    await turn()
  }
}

/** Bundles that no trace names any more. */
export const findUnusedSnapshots = async (scope: Scope, before: string): Promise<string[]> =>
  namesOf(await scope.rows(unusedSnapshots, { before, most: MOST }), 'hash')

export const dropUnusedSnapshots = async (
  db: MutateDb,
  hashes: readonly string[],
  before: string,
): Promise<Freed & { snapshots: number }> => {
  const rows = hashes.map((id) => ({ id, before }))
  const files = namesOf(await db.run(filesOfSnapshots, rows), 'hash')
  const gone = await db.run(dropSnapshots, rows)
  return { ...(await dropFreeBodies(db, files, before)), snapshots: gone.length }
}

/** What logs said of spans that never came, or came in a trace that is gone. */
export const findLooseEvents = async (scope: Scope, until: Date): Promise<string[]> =>
  namesOf(await scope.rows(looseEvents, { until: storedTime(until), most: MOST }), 'id')

export const deleteLooseEvents = async (db: MutateDb, traceIds: readonly string[]): Promise<number> => {
  const gone = await db.run(
    dropLooseEvents,
    traceIds.map((id) => ({ id })),
  )
  return gone.reduce((sum, row) => sum + Number(row['bytes']), 0)
}
