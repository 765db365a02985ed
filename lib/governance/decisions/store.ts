import type { ReadDb, Scope } from '@/lib/core/scope'

export type DecisionRow = NonNullable<Awaited<ReturnType<typeof findDecision>>>

export const findDecision = (db: ReadDb, id: string) =>
  db.decision.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })

/** A decision of the tenant, or null. */
export const readDecision = (scope: Pick<Scope, 'db'>, id: string): Promise<DecisionRow | null> =>
  findDecision(scope.db, id)
