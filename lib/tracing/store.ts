import type { ReadDb, Scope, WriteDb } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'

const findId = readStatement('SELECT "id" FROM "Trace" WHERE "tenantId" = :tenant AND "id" = :id')

export const isTraceTaken = async (scope: Scope, id: string): Promise<boolean> =>
  (await scope.rows(findId, { id })).length > 0

const WHOLE = {
  content: true,
  steps: { orderBy: { seq: 'asc' } },
  labels: { orderBy: { key: 'asc' } },
  annotations: { orderBy: { id: 'asc' } },
} as const

export const findTrace = (db: ReadDb, id: string) =>
  db.trace.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } }, include: WHOLE })

export const findFull = (db: ReadDb, ids: readonly string[]) =>
  db.trace.findMany({ where: { id: { in: [...ids] } }, include: WHOLE })

export type StoredTrace = NonNullable<Awaited<ReturnType<typeof findTrace>>>

export const findKnown = (db: ReadDb, id: string) =>
  db.trace.findUnique({
    where: { tenantId_id: { tenantId: db.tenantId, id } },
    select: { id: true, workspaceId: true, userId: true, startedAt: true },
  })

export const labelsIn = async (db: ReadDb, traceId: string): Promise<Record<string, string>> => {
  const rows = await db.traceLabel.findMany({ where: { traceId }, orderBy: { key: 'asc' } })
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

export const findAnnotations = (db: ReadDb, traceId: string) =>
  db.traceAnnotation.findMany({ where: { traceId }, orderBy: { id: 'asc' } })

export type StoredAnnotation = Awaited<ReturnType<typeof findAnnotations>>[number]

export const addAnnotation = (
  db: WriteDb,
  data: Omit<StoredAnnotation, 'id' | 'tenantId'>,
): Promise<StoredAnnotation> => db.traceAnnotation.create({ data: { ...data, tenantId: db.tenantId } })

export const findRisk = (db: ReadDb, id: string) =>
  db.trace.findUnique({
    where: { tenantId_id: { tenantId: db.tenantId, id } },
    select: {
      id: true,
      workspaceId: true,
      userId: true,
      riskScore: true,
      riskLevel: true,
      content: { select: { inputs: true, outcome: true } },
    },
  })
