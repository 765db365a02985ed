import type { MutateDb, ReadDb, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { type Condition, countReceipts, listIds, lockWindows } from './sql'

type Reading = Pick<Scope, 'rows' | 'db'>
type Values = Record<string, string | number | null>
export type Conditions = Partial<Record<Condition, Values>>

export type ReceiptRow = NonNullable<Awaited<ReturnType<typeof findReceipt>>>

export const findReceipt = (db: ReadDb, id: string) =>
  db.receipt.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })

const namesOf = (given: Conditions): Condition[] => Object.keys(given) as Condition[]
const valuesOf = (given: Conditions): Values => Object.assign({}, ...Object.values(given)) as Values

export const findReceipts = async (scope: Reading, given: Conditions, limit: number): Promise<ReceiptRow[]> => {
  const found = await scope.rows(listIds(namesOf(given)), { ...valuesOf(given), limit })
  const ids = found.map((row) => String(row['id']))
  const rows = await scope.db.receipt.findMany({ where: { id: { in: ids } } })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

export const countWhere = async (scope: Reading, given: Conditions): Promise<number> =>
  Number((await scope.rows(countReceipts(namesOf(given)), valuesOf(given)))[0]?.['n'] ?? 0)

export const timeValue = (name: string, at: Date): Values => ({ [name]: storedTime(at) })

export const lockForWindow = async (db: MutateDb): Promise<void> => {
  await db.run(lockWindows, [{}])
}

const open = (now: Date) => ({ kind: 'break_glass', expiresAt: { gt: now }, closedAt: null })

export const openWindowOf = (db: ReadDb, userId: string, now: Date) =>
  db.receipt.findFirst({ where: { ...open(now), userId }, select: { id: true } })

/** A window that no second person has looked at in the time there was for it. */
export const unseenWindowOf = (db: ReadDb, userId: string, now: Date) =>
  db.receipt.findFirst({
    where: { kind: 'break_glass', userId, acknowledgedAt: null, dueAt: { lt: now } },
    select: { id: true },
  })

// True for the one who ended it.
export const closeWindow = async (db: MutateDb, id: string, now: Date): Promise<boolean> =>
  (await db.receipt.updateMany({ where: { id, ...open(now) }, data: { closedAt: now } })).count === 1

type Acknowledgement = { at: Date; by: string; byId: string; note: string | null }

// True for the one second person; the first one never is.
export const acknowledge = async (
  db: MutateDb,
  id: string,
  { at, by, byId, note }: Acknowledgement,
): Promise<boolean> => {
  const { count } = await db.receipt.updateMany({
    where: { id, acknowledgedAt: null, OR: [{ userId: null }, { userId: { not: byId } }] },
    data: { acknowledgedAt: at, acknowledgedBy: by, acknowledgedById: byId, note },
  })
  return count === 1
}
