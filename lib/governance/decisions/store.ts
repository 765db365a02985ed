import type { ReadDb, Scope } from '@/lib/core/scope'
import { decisionsByPolicy } from './sql'

export type DecisionRow = NonNullable<Awaited<ReturnType<typeof findDecision>>>

// Not findUnique: asked for by many at once, Prisma makes one question of them, deeper than SQLite takes.
export const findDecision = (db: ReadDb, id: string) => db.decision.findFirst({ where: { id } })

/** A decision of the tenant, or null. */
export const readDecision = (scope: Pick<Scope, 'db'>, id: string): Promise<DecisionRow | null> =>
  findDecision(scope.db, id)

export type Wanted = NonNullable<NonNullable<Parameters<ReadDb['decision']['findMany']>[0]>['where']>

const NEWEST_FIRST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

export const findDecisions = (db: ReadDb, where: Wanted, take: number): Promise<DecisionRow[]> =>
  db.decision.findMany({ where, orderBy: NEWEST_FIRST, take })

/** The newest that a rule spoke in. Prisma cannot look into a list in JSON on both databases. */
export const idsByPolicy = async (scope: Pick<Scope, 'rows'>, policy: string): Promise<string[]> =>
  (await scope.rows(decisionsByPolicy, { policy })).map((row) => String(row['id']))

export const countDecisions = (db: ReadDb, where: Wanted): Promise<number> => db.decision.count({ where })

/** Those of a run that wait, or were decided, for a person. */
export const decisionsOfRun = (db: ReadDb, traceId: string): Promise<DecisionRow[]> =>
  db.decision.findMany({ where: { traceId, decision: 'require_approval' }, orderBy: { id: 'asc' } })

export const overdueDecisions = (db: ReadDb, now: Date, take: number): Promise<DecisionRow[]> =>
  db.decision.findMany({
    where: { usedAt: null, status: { in: ['pending', 'approved'] }, expiresAt: { lte: now } },
    orderBy: { expiresAt: 'asc' },
    take,
  })
