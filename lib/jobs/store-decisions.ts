import { systemDb } from '@/lib/core/system-db'

const MOST = 500

/** Where something ran out of time, or a run stands still. */
export const tenantsWithOpenDecisions = async (now: Date): Promise<string[]> => {
  const overdue = { usedAt: null, status: { in: ['pending', 'approved'] }, expiresAt: { lte: now } }
  const ofTenant = { distinct: ['tenantId' as const], select: { tenantId: true }, take: MOST }
  const [decisions, runs] = await Promise.all([
    systemDb().decision.findMany({ where: overdue, ...ofTenant }),
    systemDb().pausedRun.findMany({ where: { OR: [{ leaseUntil: null }, { leaseUntil: { lte: now } }] }, ...ofTenant }),
  ])
  return [...new Set([...decisions, ...runs].map(({ tenantId }) => tenantId))]
}
