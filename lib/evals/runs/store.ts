import type { MutateDb, ReadDb } from '@/lib/core/scope'

export const findRun = (db: ReadDb, id: string) => db.evalRun.findFirst({ where: { id } })
export type RunRow = NonNullable<Awaited<ReturnType<typeof findRun>>>

export type RunWhere = NonNullable<NonNullable<Parameters<ReadDb['evalRun']['findMany']>[0]>['where']>
const NEWEST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

export const findRuns = (db: ReadDb, where: RunWhere, page: { take: number; skip: number }): Promise<RunRow[]> =>
  db.evalRun.findMany({ where, orderBy: NEWEST, ...page })

export const countRuns = (db: ReadDb, where: RunWhere): Promise<number> => db.evalRun.count({ where })

type NewRun = Pick<
  RunRow,
  | 'id'
  | 'datasetId'
  | 'datasetName'
  | 'datasetVersion'
  | 'workspaceId'
  | 'environment'
  | 'versionHash'
  | 'model'
  | 'skillName'
  | 'skillVersion'
  | 'baselineId'
  | 'promotionId'
  | 'repeats'
  | 'caseCount'
  | 'capMicroUsd'
  | 'startedBy'
  | 'startedById'
  | 'createdAt'
> & { options: object; scorers: object }

const NOTHING_DONE = { doneCount: 0, passCount: 0, failCount: 0, errorCount: 0, inconclusiveCount: 0, costMicroUsd: 0n }

export const createRun = (db: MutateDb, data: NewRun): Promise<RunRow> =>
  db.evalRun.create({ data: { ...NOTHING_DONE, ...data, status: 'queued', tenantId: db.tenantId } })

export const changeStatus = async (
  db: MutateDb,
  id: string,
  from: readonly string[],
  data: Partial<Pick<RunRow, 'status' | 'completedAt' | 'outcome' | 'failure'>>,
): Promise<boolean> => {
  const { count } = await db.evalRun.updateMany({ where: { id, status: { in: [...from] } }, data })
  return count === 1
}

const BY_PLACE = [{ position: 'asc' as const }, { attempt: 'asc' as const }]

export const findResults = (db: ReadDb, runId: string, positions: readonly number[] | null, page: object = {}) =>
  db.evalResult.findMany({
    where: { runId, ...(positions === null ? {} : { position: { in: [...positions] } }) },
    orderBy: BY_PLACE,
    ...page,
  })
export type ResultRow = Awaited<ReturnType<typeof findResults>>[number]

// What the reckoning needs of each result: no texts.
export const findMarks = (db: ReadDb, runId: string) =>
  db.evalResult.findMany({
    where: { runId },
    select: {
      caseId: true,
      attempt: true,
      position: true,
      status: true,
      score: true,
      scores: true,
      durationMs: true,
      costMicroUsd: true,
    },
    orderBy: BY_PLACE,
  })
export type Mark = Awaited<ReturnType<typeof findMarks>>[number]

/** What is still to be done, after a place. */
export const findOpen = (db: ReadDb, runId: string, after: { position: number; attempt: number }, take: number) =>
  db.evalResult.findMany({
    where: {
      runId,
      status: { in: ['queued', 'answered'] },
      OR: [{ position: { gt: after.position } }, { position: after.position, attempt: { gt: after.attempt } }],
    },
    orderBy: BY_PLACE,
    take,
  })

export const findResult = (db: ReadDb, runId: string, caseId: string, attempt: number): Promise<ResultRow | null> =>
  db.evalResult.findFirst({ where: { runId, caseId, attempt } })
