import { uuidv7 } from '@/lib/shared/id'
import type { Prisma } from './generated/sqlite/client'
import { kernel } from './kernel'
import type { MutateDb } from './scope'
import { type Params, type WriteStatement, writeStatement } from './statement'
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

const insertEvents = writeStatement('core.outbox', {
  sqlite: `INSERT INTO "OutboxEvent" ("tenantId", "topic", "payload", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.topic'), json_extract(value, '$.payload'),
      json_extract(value, '$.at') || '+00:00'
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "OutboxEvent" ("tenantId", "topic", "payload", "createdAt")
    SELECT r.tenant_id, r.topic, r.payload, r.at FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, topic text, payload jsonb, at timestamp(3))`,
})

const row = (topic: string, payload: Prisma.InputJsonObject) => ({
  topic,
  payload,
  at: kernel().clock.now().toISOString().replace('Z', ''),
})

export const emit = async (
  db: Pick<MutateDb, 'run'>,
  topic: string,
  payload: Prisma.InputJsonObject,
): Promise<void> => {
  await db.run(insertEvents, [row(topic, payload)])
}

type Runner = { run(statement: WriteStatement, params: Params): Promise<unknown> }

// The same from a transaction without a tenant lock.
export const emitFor = async (
  tx: Runner,
  tenantId: string,
  topic: string,
  payload: Prisma.InputJsonObject,
): Promise<void> => {
  await tx.run(insertEvents, { rows: JSON.stringify([{ ...row(topic, payload), tenant_id: tenantId }]) })
}
