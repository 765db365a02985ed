import { systemDb } from '@/lib/core/system-db'

export const tenantIdsAfter = async (after: string, most: number): Promise<string[]> => {
  const where = { id: { gt: after } }
  const rows = await systemDb().tenant.findMany({ where, orderBy: { id: 'asc' }, take: most, select: { id: true } })
  return rows.map(({ id }) => id)
}

const ONE = { select: { tenantId: true } } as const

/** Whether a pass could find anything. */
export const hasRecords = async (tenantId: string): Promise<boolean> => {
  const [db, of] = [systemDb(), { where: { tenantId }, ...ONE }]
  const kinds = [
    () => db.trace.findFirst(of),
    () => db.decision.findFirst(of),
    () => db.adapterReport.findFirst(of),
    () => db.execution.findFirst(of),
    () => db.toolAuthorization.findFirst(of),
  ]
  for (const find of kinds) if ((await find()) !== null) return true
  return false
}
