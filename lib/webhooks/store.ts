import type { ReadDb, WriteDb } from '@/lib/core/scope'

export type DeliveryRow = NonNullable<Awaited<ReturnType<typeof findDelivery>>>

const key = (db: ReadDb, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const findDelivery = (db: ReadDb, id: string) => db.webhookDelivery.findUnique({ where: key(db, id) })

// Neither the body nor what is sealed is read for a list.
const SHOWN = {
  id: true,
  traceId: true,
  event: true,
  url: true,
  state: true,
  attempts: true,
  lastStatus: true,
  lastError: true,
  createdAt: true,
  finishedAt: true,
} as const

export type ShownRow = Pick<DeliveryRow, keyof typeof SHOWN>

type Narrowed = { state?: string | undefined; traceId?: string | undefined }

const whereOf = ({ state, traceId }: Narrowed) => ({ ...(state ? { state } : {}), ...(traceId ? { traceId } : {}) })

export const findDeliveries = (db: ReadDb, narrowed: Narrowed, take: number, skip: number): Promise<ShownRow[]> =>
  db.webhookDelivery.findMany({
    where: whereOf(narrowed),
    select: SHOWN,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take,
    skip,
  })

export const countDeliveries = async (db: ReadDb, traceId?: string): Promise<Map<string, number>> => {
  const rows = await db.webhookDelivery.groupBy({ by: ['state'], where: whereOf({ traceId }), _count: true })
  return new Map(rows.map((row) => [row.state, row._count]))
}

export const findAttempts = (db: ReadDb, deliveryId: string) =>
  db.webhookAttempt.findMany({ where: { deliveryId }, orderBy: { attempt: 'asc' } })

export const nextAttemptAt = async (db: ReadDb, kind: string, id: string): Promise<Date | null> => {
  const job = await db.job.findFirst({
    where: { kind, dedupeKey: { startsWith: `${id}:` }, status: { in: ['queued', 'running'] } },
    orderBy: { createdAt: 'desc' },
    select: { runAt: true },
  })
  return job?.runAt ?? null
}

export const requeue = async (db: WriteDb, id: string): Promise<boolean> => {
  const dead = { id, state: 'dead', sealed: { not: null } }
  const { count } = await db.webhookDelivery.updateMany({ where: dead, data: { state: 'queued', finishedAt: null } })
  return count === 1
}
