import { systemDb } from '@/lib/core/system-db'

export const tenantIdsAfter = async (after: string, most: number): Promise<string[]> => {
  const where = { id: { gt: after } }
  const rows = await systemDb().tenant.findMany({ where, orderBy: { id: 'asc' }, take: most, select: { id: true } })
  return rows.map(({ id }) => id)
}

export const hasTraces = async (tenantId: string): Promise<boolean> =>
  (await systemDb().trace.findFirst({ where: { tenantId }, select: { id: true } })) !== null
