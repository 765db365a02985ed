import type { MutateDb, ReadDb } from '@/lib/core/scope'

type Key = { runId: string; caseId: string; attempt: number; scorer: string; labelledById: string }

export const findLabels = (db: ReadDb, runId: string) =>
  db.evalLabel.findMany({ where: { runId }, orderBy: [{ labelledAt: 'asc' }, { caseId: 'asc' }] })
export type LabelRow = Awaited<ReturnType<typeof findLabels>>[number]

export const findAllLabels = (db: ReadDb, take: number): Promise<LabelRow[]> =>
  db.evalLabel.findMany({ orderBy: { labelledAt: 'desc' }, take })

export const dropLabel = async (db: MutateDb, key: Key): Promise<void> => {
  await db.evalLabel.deleteMany({ where: key })
}

export const addLabel = async (db: MutateDb, row: Omit<LabelRow, 'tenantId'>): Promise<void> => {
  const { runId, caseId, attempt, scorer, labelledById } = row
  await dropLabel(db, { runId, caseId, attempt, scorer, labelledById })
  await db.evalLabel.create({ data: { ...row, tenantId: db.tenantId } })
}

export type ItemWhere = NonNullable<NonNullable<Parameters<ReadDb['annotationItem']['findMany']>[0]>['where']>

export const findItems = (db: ReadDb, where: ItemWhere, page: { take: number; skip: number }) =>
  db.annotationItem.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], ...page })
export type ItemRow = Awaited<ReturnType<typeof findItems>>[number]

export const countItems = (db: ReadDb, where: ItemWhere): Promise<number> => db.annotationItem.count({ where })

export const findItem = (db: ReadDb, id: string): Promise<ItemRow | null> =>
  db.annotationItem.findFirst({ where: { id } })

export const countQueues = (db: ReadDb, where: ItemWhere) =>
  db.annotationItem.groupBy({ by: ['queue', 'status'], where, _count: { _all: true } })

export const addItem = (db: MutateDb, row: Omit<ItemRow, 'tenantId' | 'expected'>): Promise<ItemRow> =>
  db.annotationItem.create({ data: { ...row, tenantId: db.tenantId } })

type Change = Partial<Pick<ItemRow, 'status' | 'assignedTo' | 'note' | 'doneBy' | 'doneAt' | 'datasetId' | 'caseId'>>

type Read = Pick<ItemRow, 'id' | 'status' | 'assignedTo'>

/** Only as it was read: null where somebody else was faster, or where a case was made of it. */
export const changeItem = async (
  db: MutateDb,
  { id, status, assignedTo }: Read,
  data: Change & { expected?: object },
): Promise<ItemRow | null> => {
  const { count } = await db.annotationItem.updateMany({ where: { id, status, assignedTo, caseId: null }, data })
  return count === 0 ? null : findItem(db, id)
}

export const findTraces = (db: ReadDb, ids: readonly string[]) =>
  db.trace.findMany({ where: { id: { in: [...ids] } }, select: { id: true, workspaceId: true, userId: true } })
