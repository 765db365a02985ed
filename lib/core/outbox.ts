import { uuidv7 } from '@/lib/shared/id'
import { dateOf } from './clock'
import type { Prisma } from './generated/sqlite/client'
import { kernel } from './kernel'
import { storableJson } from './rows-json'
import type { MutateDb } from './scope'
import { type Params, storedTime, type WriteStatement, writeStatement } from './statement'
import type { CommandWrite } from './writer'

export type NewJob = {
  kind: string
  payload: Prisma.InputJsonObject
  runAt?: Date
  dedupeKey?: string
  maxAttempts?: number
}

// Who meets a row of the same key holds it: on PostgreSQL no worker begins it before this transaction is over.
const insertJob = writeStatement('core.job', {
  sqlite: `INSERT INTO "Job" ("tenantId", "id", "kind", "payload", "status", "dedupeKey", "runAt", "maxAttempts", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id'), json_extract(value, '$.kind'),
      json_extract(value, '$.payload'), 'queued', json_extract(value, '$.key'), json_extract(value, '$.run_at'),
      json_extract(value, '$.most'), json_extract(value, '$.now')
    FROM json_each(:rows) WHERE true
    ON CONFLICT ("tenantId", "kind", "dedupeKey") DO UPDATE SET "dedupeKey" = excluded."dedupeKey"
    RETURNING "id", "status"`,
  postgresql: `INSERT INTO "Job" ("tenantId", "id", "kind", "payload", "status", "dedupeKey", "runAt", "maxAttempts", "createdAt")
    SELECT r.tenant_id, r.id, r.kind, r.payload, 'queued', r.key, r.run_at, r.most, r.now
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, kind text, payload jsonb, key text,
      run_at timestamp(3), most int, now timestamp(3))
    ON CONFLICT ("tenantId", "kind", "dedupeKey") DO UPDATE SET "dedupeKey" = excluded."dedupeKey"
    RETURNING "id", "status"`,
})

type JobDb = Pick<MutateDb, 'tenantId' | 'job' | 'run'>

// For a scope's command: the job stands in the same commit as the other rows. A key is used once and for all.
export const jobWrite = ({ id, ...job }: NewJob & { id?: string }): { id: string; write: CommandWrite } => {
  const now = kernel().clock.now()
  const made = id ?? uuidv7(now.getTime())
  const row = {
    id: made,
    kind: job.kind,
    payload: job.payload,
    key: job.dedupeKey ?? null,
    run_at: storedTime(job.runAt ?? now),
    most: job.maxAttempts ?? 5,
    now: storedTime(now),
  }
  return { id: made, write: { statement: insertJob, rows: [row] } }
}

// Only a job that still waits will see this change. One that was begun gives its key away, and a further one is made.
const enqueueOnce = async (db: JobDb, job: object): Promise<{ id: string }> => {
  for (;;) {
    const [found] = await db.run(insertJob, [job])
    const id = String(found?.['id'])
    if (found?.['status'] === 'queued') return { id }
    await db.job.updateMany({ where: { id }, data: { dedupeKey: null } })
  }
}

// The job exists if and only if the change that caused it was committed.
export const enqueue = async (db: JobDb, job: NewJob): Promise<{ id: string }> => {
  const now = kernel().clock.now()
  const id = uuidv7(now.getTime())
  const { kind, payload, dedupeKey: key, runAt = now, maxAttempts = 5 } = job
  if (key)
    return enqueueOnce(db, {
      id,
      kind,
      payload,
      key,
      run_at: storedTime(runAt),
      most: maxAttempts,
      now: storedTime(now),
    })
  const values = { tenantId: db.tenantId, id, kind, payload, status: 'queued', runAt, maxAttempts, createdAt: now }
  return db.job.create({ data: { ...values, attempts: 0 }, select: { id: true } })
}

// A job that its own maker does before any worker takes it up: struck out, or handed over to be done soon.
const OWN = `"status" = 'queued' AND "attempts" = 0`
const changeOwn = (name: string, set: { sqlite: string; postgresql: string }) =>
  writeStatement(name, {
    sqlite: `UPDATE "Job" SET ${set.sqlite} FROM json_each(:rows) AS r
      WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "Job"."id" = json_extract(r.value, '$.id') AND ${OWN}
      RETURNING "Job"."id"`,
    postgresql: `UPDATE "Job" SET ${set.postgresql}
      FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, at timestamp(3), bare jsonb)
      WHERE "Job"."tenantId" = r.tenant_id AND "Job"."id" = r.id AND ${OWN} RETURNING "Job"."id"`,
  })

const finishOwn = changeOwn('core.job-done', {
  sqlite: `"status" = 'done', "finishedAt" = json_extract(r.value, '$.at'), "payload" = json_extract(r.value, '$.bare')`,
  postgresql: `"status" = 'done', "finishedAt" = r.at, "payload" = r.bare`,
})

const hastenOwn = changeOwn('core.job-soon', {
  sqlite: `"runAt" = json_extract(r.value, '$.at')`,
  postgresql: `"runAt" = r.at`,
})

// Guarded: a worker that took the job over meanwhile keeps it. What the payload held is not kept any longer.
export const doneOwnJob = (id: string): CommandWrite => ({
  statement: finishOwn,
  rows: [{ id, at: storedTime(kernel().clock.now()), bare: {} }],
  guard: true,
})

export const laterOwnJob = (id: string, waitMs = 5_000): CommandWrite => ({
  statement: hastenOwn,
  rows: [{ id, at: storedTime(dateOf(kernel().clock.now().getTime() + waitMs)) }],
  guard: true,
})

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

// For a scope's command: the news are told if and only if the other rows are written.
export const eventWrite = (topic: string, payload: Prisma.InputJsonObject): CommandWrite => ({
  statement: insertEvents,
  rows: [row(topic, payload)],
})

type Runner = { run(statement: WriteStatement, params: Params): Promise<unknown> }

// The same from a transaction without a tenant lock.
export const emitFor = async (
  tx: Runner,
  tenantId: string,
  topic: string,
  payload: Prisma.InputJsonObject,
): Promise<void> => {
  await tx.run(insertEvents, { rows: storableJson([{ ...row(topic, payload), tenant_id: tenantId }]) })
}
