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

export type OverdueHold = { tenantId: string; id: string; reservedMicroUsd: bigint; adapterId: string | null }

export const overdueHolds = (now: Date): Promise<OverdueHold[]> =>
  systemDb().ledgerEntry.findMany({
    where: { state: 'reserved', leaseUntil: { lt: now } },
    orderBy: { leaseUntil: 'asc' },
    select: { tenantId: true, id: true, reservedMicroUsd: true, adapterId: true },
    take: BATCH,
  })
