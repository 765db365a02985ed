import { systemDb } from '@/lib/core/system-db'

const BATCH = 200

export type OverdueRun = { tenantId: string; id: string }

export const overdueRuns = (now: Date): Promise<OverdueRun[]> =>
  systemDb().trace.findMany({
    where: { status: 'running', leaseUntil: { lt: now } },
    orderBy: { leaseUntil: 'asc' },
    select: { tenantId: true, id: true },
    take: BATCH,
  })
