import { uuidv7 } from '@/lib/shared/id'
import type { Prisma } from './generated/sqlite/client'
import { kernel } from './kernel'
import type { WriteDb } from './tenant-lock'

export type NewJob = {
  kind: string
  payload: Prisma.InputJsonObject
  runAt?: Date
  dedupeKey?: string
  maxAttempts?: number
}

// The job exists if and only if the change that caused it was committed.
export const enqueue = async (db: WriteDb, job: NewJob): Promise<{ id: string }> => {
  const now = kernel().clock.now()
  const values = {
    tenantId: db.tenantId,
    id: uuidv7(now.getTime()),
    kind: job.kind,
    payload: job.payload,
    status: 'queued',
    runAt: job.runAt ?? now,
    attempts: 0,
    maxAttempts: job.maxAttempts ?? 5,
    createdAt: now,
  }
  if (!job.dedupeKey) return db.job.create({ data: values, select: { id: true } })
  const key = { tenantId: db.tenantId, kind: job.kind, dedupeKey: job.dedupeKey }
  return db.job.upsert({
    where: { tenantId_kind_dedupeKey: key },
    create: { ...values, dedupeKey: job.dedupeKey },
    update: {},
    select: { id: true },
  })
}

export const emit = async (db: WriteDb, topic: string, payload: Prisma.InputJsonObject): Promise<void> => {
  await db.outboxEvent.create({ data: { tenantId: db.tenantId, topic, payload, createdAt: kernel().clock.now() } })
}
