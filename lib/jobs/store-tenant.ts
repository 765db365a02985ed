import type { ReadDb, Scope, WriteDb } from '@/lib/core/scope'
import { fenceOf } from './fence'

type Narrowed = { status?: string | undefined; kind?: string | undefined }

const whereOf = ({ status, kind }: Narrowed) => ({ ...(status ? { status } : {}), ...(kind ? { kind } : {}) })

export const findJobs = (db: ReadDb, narrowed: Narrowed, take: number, skip: number) =>
  db.job.findMany({ where: whereOf(narrowed), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take, skip })

export const countJobs = async (db: ReadDb, kind?: string): Promise<Map<string, number>> => {
  const rows = await db.job.groupBy({ by: ['status'], where: whereOf({ kind }), _count: true })
  return new Map(rows.map((row) => [row.status, row._count]))
}

export const findJob = (db: ReadDb, id: string) =>
  db.job.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })

export const requeueDead = async (db: WriteDb, id: string, now: Date): Promise<boolean> => {
  const fresh = { status: 'queued', attempts: 0, runAt: now, finishedAt: null }
  return (await db.job.updateMany({ where: { id, status: 'dead' }, data: fresh })).count === 1
}

export const discardDead = async (db: WriteDb, id: string, now: Date): Promise<boolean> => {
  const gone = { status: 'discarded', finishedAt: now }
  return (await db.job.updateMany({ where: { id, status: 'dead' }, data: gone })).count === 1
}

const within = (fence: readonly string[] | null) => (fence === null ? {} : { workspaceId: { in: [...fence] } })

export const auditTotal = async (scope: Scope): Promise<number> => {
  const { db } = scope
  const fence = fenceOf(scope)
  if (fence !== null) return db.auditEntry.count({ where: within(fence) })
  const head = await db.auditHead.findUnique({ where: { tenantId: db.tenantId }, select: { size: true } })
  return Number(head?.size ?? 0)
}

// A checkpoint speaks of the whole tenant.
export const lastCheckpointAt = async (scope: Scope): Promise<Date | null> => {
  if (fenceOf(scope) !== null) return null
  const row = await scope.db.auditCheckpoint.findFirst({ orderBy: { size: 'desc' }, select: { createdAt: true } })
  return row?.createdAt ?? null
}

/** The first row that no checkpoint holds yet. */
export const firstUnsealedAt = async ({ db }: Scope): Promise<Date | null> => {
  const sealed = await db.auditCheckpoint.findFirst({ orderBy: { size: 'desc' }, select: { size: true } })
  const row = await db.auditEntry.findFirst({
    where: { seq: { gt: sealed?.size ?? 0n } },
    orderBy: { seq: 'asc' },
    select: { createdAt: true },
  })
  return row?.createdAt ?? null
}

export const payloadsOf = (db: ReadDb, seqs: readonly bigint[]) =>
  db.auditPayload.findMany({ where: { seq: { in: [...seqs] } }, select: { seq: true, data: true } })

export const countKeys = async (db: ReadDb, now: Date, soon: Date): Promise<{ active: number; expiring: number }> => {
  const usable = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
  const [active, expiring] = await Promise.all([
    db.serviceKey.count({ where: usable }),
    db.serviceKey.count({ where: { revokedAt: null, expiresAt: { gt: now, lte: soon } } }),
  ])
  return { active, expiring }
}
