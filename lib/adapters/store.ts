import type { MutateDb, ReadDb } from '@/lib/core/scope'

// Prisma gathers what is looked up by its unique key in one turn into one statement, and a thousand lookups at once are
// more than SQLite parses. The first of one is looked up alone.
const at = (db: { tenantId: string }, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const findAdapter = (db: ReadDb, id: string) => db.adapter.findFirst({ where: { id } })
export type AdapterRow = NonNullable<Awaited<ReturnType<typeof findAdapter>>>

export const findAdapters = (db: ReadDb, page: { take: number; skip: number }): Promise<AdapterRow[]> =>
  db.adapter.findMany({ orderBy: { id: 'asc' }, ...page })

export const countAdapters = (db: ReadDb): Promise<number> => db.adapter.count()

export const findKeys = (db: ReadDb, adapterIds: readonly string[]) =>
  db.adapterKey.findMany({
    where: { adapterId: { in: [...adapterIds] } },
    orderBy: [{ adapterId: 'asc' }, { createdAt: 'asc' }, { keyId: 'asc' }],
  })
export type KeyRow = Awaited<ReturnType<typeof findKeys>>[number]

/** Those that may sign for a version of an agent, however many there are for others. */
export const findLiveKeys = (db: ReadDb, adapterId: string, version: string): Promise<KeyRow[]> =>
  db.adapterKey.findMany({
    where: { adapterId, revokedAt: null, OR: [{ version: null }, { version }] },
    orderBy: { createdAt: 'desc' },
    take: 20,
  })

const keyAt = (db: { tenantId: string }, adapterId: string, keyId: string) => ({
  tenantId_adapterId_keyId: { tenantId: db.tenantId, adapterId, keyId },
})

export const findKey = (db: ReadDb, adapterId: string, keyId: string) =>
  db.adapterKey.findFirst({ where: { adapterId, keyId } })

export const createKey = (db: MutateDb, data: Omit<KeyRow, 'tenantId' | 'revokedAt' | 'revokedBy'>) =>
  db.adapterKey.create({ data: { ...data, publicJwk: data.publicJwk as object, tenantId: db.tenantId } })

export const revokeKey = (db: MutateDb, { adapterId, keyId }: KeyRow, by: string, now: Date) =>
  db.adapterKey.update({ where: keyAt(db, adapterId, keyId), data: { revokedAt: now, revokedBy: by } })

type Switch = Pick<AdapterRow, 'isEnabled' | 'disabledBy' | 'disabledAt'>

export const switchAdapter = (db: MutateDb, id: string, data: Switch, now: Date): Promise<AdapterRow> =>
  db.adapter.update({ where: at(db, id), data: { ...data, updatedAt: now } })

export const findExecution = (db: ReadDb, id: string) => db.execution.findFirst({ where: { id } })
export type ExecutionRow = NonNullable<Awaited<ReturnType<typeof findExecution>>>

type ExecutionWhere = NonNullable<NonNullable<Parameters<ReadDb['execution']['findMany']>[0]>['where']>
const NEWEST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]
type Page = { take: number; skip: number }

export const findExecutions = (db: ReadDb, where: ExecutionWhere, page: Page): Promise<ExecutionRow[]> =>
  db.execution.findMany({ where, orderBy: NEWEST, ...page })
export const countExecutions = (db: ReadDb, where: ExecutionWhere): Promise<number> => db.execution.count({ where })

export const findAuthorization = (db: ReadDb, id: string) => db.toolAuthorization.findFirst({ where: { id } })
export type AuthorizationRow = NonNullable<Awaited<ReturnType<typeof findAuthorization>>>

type AuthorizationWhere = NonNullable<NonNullable<Parameters<ReadDb['toolAuthorization']['findMany']>[0]>['where']>

export const findAuthorizations = (db: ReadDb, where: AuthorizationWhere, page: Page): Promise<AuthorizationRow[]> =>
  db.toolAuthorization.findMany({ where, orderBy: NEWEST, ...page })
export const countAuthorizations = (db: ReadDb, where: AuthorizationWhere): Promise<number> =>
  db.toolAuthorization.count({ where })

export const usedAuthorizations = (db: ReadDb, executionId: string, ids: readonly string[]) =>
  db.toolAuthorization.findMany({
    where: { id: { in: [...ids] }, executionId, usedAt: { not: null } },
    select: { id: true, tool: true, adapterId: true },
  })

/** The newest word on this very act of this agent, where a person was asked. */
export const findToolDecision = (db: ReadDb, wanted: { adapterId: string; executionId: string; actionHash: string }) =>
  db.decision.findFirst({
    where: { ...wanted, origin: 'tool', decision: 'require_approval' },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })

export const findTraceOwner = (db: ReadDb, id: string) =>
  db.trace.findFirst({ where: { id }, select: { origin: true, adapterId: true } })

export const findReport = (
  db: ReadDb,
  key: { adapterId: string; executionId: string; kind: string; payloadHash: string },
) => db.adapterReport.findFirst({ where: key })

export const findReports = (db: ReadDb, adapterId: string, executionId: string) =>
  db.adapterReport.findMany({ where: { adapterId, executionId }, orderBy: { receivedAt: 'asc' }, take: 500 })
export type ReportRow = Awaited<ReturnType<typeof findReports>>[number]

export type DecisionWhere = NonNullable<NonNullable<Parameters<ReadDb['decision']['findMany']>[0]>['where']>

export const findDecisions = (db: ReadDb, where: DecisionWhere, page: Page) =>
  db.decision.findMany({ where, orderBy: NEWEST, ...page })
export type DecisionOfAdapter = Awaited<ReturnType<typeof findDecisions>>[number]
