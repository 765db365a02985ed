import type { ReadDb, Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'

const findId = readStatement('SELECT "id" FROM "Trace" WHERE "tenantId" = :tenant AND "id" = :id')

export const isTraceTaken = async (scope: Scope, id: string): Promise<boolean> =>
  (await scope.rows(findId, { id })).length > 0

export const findTrace = (db: ReadDb, id: string) =>
  db.trace.findUnique({
    where: { tenantId_id: { tenantId: db.tenantId, id } },
    include: {
      content: true,
      steps: { orderBy: { seq: 'asc' } },
      labels: { orderBy: { key: 'asc' } },
      annotations: { orderBy: { id: 'asc' } },
    },
  })

export type StoredTrace = NonNullable<Awaited<ReturnType<typeof findTrace>>>
