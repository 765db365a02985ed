import { readStatement, writeStatement } from '@/lib/core/statement'
import { MODELS, TENANT_MODELS } from '@/lib/core/tenant-lock'

// Tenants after :tenant, in order, that have a job to do now. It walks the index from tenant to tenant, so its
// price depends on how many tenants wait and not on how many jobs.
export const DUE_TENANTS = readStatement(`WITH RECURSIVE walk(t) AS (
    SELECT min("tenantId") FROM "Job" WHERE "status" = 'queued' AND "tenantId" > :tenant
    UNION ALL
    SELECT (SELECT min("tenantId") FROM "Job" WHERE "status" = 'queued' AND "tenantId" > walk.t)
      FROM walk WHERE walk.t IS NOT NULL
  )
  SELECT t AS "tenantId" FROM walk WHERE t IS NOT NULL
    AND EXISTS (SELECT 1 FROM "Job" j WHERE j."status" = 'queued' AND j."tenantId" = t AND j."runAt" <= :now)
  LIMIT :most`)

// One row per tenant: { tenant_id, now, until, worker }; the first job of each is taken. SQLite is alone under its
// writer lock; on PostgreSQL a row that another worker is just taking is skipped.
export const CLAIM_JOBS = writeStatement('jobs.claim', {
  sqlite: `UPDATE "Job" SET "status" = 'running', "attempts" = "attempts" + 1,
      "leasedBy" = json_extract(:rows, '$[0].worker'), "leaseUntil" = json_extract(:rows, '$[0].until')
    WHERE rowid IN (SELECT (SELECT j.rowid FROM "Job" j WHERE j."status" = 'queued'
        AND j."tenantId" = json_extract(wish.value, '$.tenant_id') AND j."runAt" <= json_extract(wish.value, '$.now')
        ORDER BY j."runAt", j."id" LIMIT 1)
      FROM json_each(:rows) AS wish)
    RETURNING "tenantId", "id"`,
  postgresql: `WITH wish AS (
      SELECT * FROM json_to_recordset(:rows::json)
        AS r(tenant_id text, now timestamp(3), until timestamp(3), worker text)
    ), picked AS MATERIALIZED (
      SELECT p."tenantId", p."id", wish.until, wish.worker FROM wish CROSS JOIN LATERAL (
        SELECT j."tenantId", j."id" FROM "Job" j
        WHERE j."status" = 'queued' AND j."tenantId" = wish.tenant_id AND j."runAt" <= wish.now
        ORDER BY j."runAt", j."id" LIMIT 1 FOR UPDATE SKIP LOCKED) p
    )
    UPDATE "Job" SET "status" = 'running', "attempts" = "attempts" + 1, "leasedBy" = picked.worker,
      "leaseUntil" = picked.until
    FROM picked WHERE "Job"."tenantId" = picked."tenantId" AND "Job"."id" = picked."id"
    RETURNING "Job"."tenantId", "Job"."id"`,
})

// Whether there is any news of tenants after :tenant, at the price of one look into the index.
export const NEWS_AFTER = readStatement(
  `SELECT 1 AS "found" FROM "OutboxEvent" WHERE "id" > :last AND "tenantId" > :tenant LIMIT 1`,
)

// Tenants after :tenant whose audit log grew since it was last sealed.
export const UNSEALED_TENANTS = readStatement(`SELECT h."tenantId" FROM "AuditHead" h
  WHERE h."tenantId" > :tenant AND h."size" > COALESCE(
    (SELECT max(c."size") FROM "AuditCheckpoint" c WHERE c."tenantId" = h."tenantId"), 0)
  ORDER BY h."tenantId" LIMIT :most`)

export const DATABASE_FACTS = readStatement({
  sqlite: `SELECT sqlite_version() AS version, page_count * page_size AS size
    FROM pragma_page_count(), pragma_page_size() WHERE :tenant IS NOT NULL`,
  postgresql: `SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size
    WHERE :tenant::text IS NOT NULL`,
})

export const APPLIED_MIGRATIONS = readStatement(`SELECT migration_name AS name, finished_at AS at
  FROM "_prisma_migrations" WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL
    AND CAST(:tenant AS text) IS NOT NULL ORDER BY migration_name`)

export const LISTEN = 'LISTEN clasper_job; LISTEN clasper_event'
export const JOB_CHANNEL = 'clasper_job'

// The newest runs of a window, and no more than so many of them, whatever a tenant has.
const NEWEST_RUNS = {
  sqlite: `(SELECT "id", "status", "errorCode", "startedAt" FROM "Trace"
    WHERE "tenantId" = :tenant AND "startedAt" >= :since
      AND (:workspaces IS NULL OR "workspaceId" IN (SELECT value FROM json_each(:workspaces)))
    ORDER BY "startedAt" DESC, "id" DESC LIMIT :most) newest`,
  postgresql: `(SELECT "id", "status", "errorCode", "startedAt" FROM "Trace"
    WHERE "tenantId" = :tenant AND "startedAt" >= (CAST(:since AS timestamptz) AT TIME ZONE 'UTC')
      AND (:workspaces::text IS NULL
        OR "workspaceId" IN (SELECT json_array_elements_text(CAST(:workspaces::text AS json))))
    ORDER BY "startedAt" DESC, "id" DESC LIMIT :most) newest`,
}

const countOf = (source: string) => `SELECT "status" AS status, count(*) AS n FROM ${source} GROUP BY "status"`
const failuresOf = (source: string) => `SELECT "id" AS id, "status" AS status, "errorCode" AS code, "startedAt" AS at
  FROM ${source} WHERE "status" IN ('error', 'timeout') ORDER BY "startedAt" DESC, "id" DESC LIMIT :shown`

export const RECENT_RUNS = readStatement({
  sqlite: countOf(NEWEST_RUNS.sqlite),
  postgresql: countOf(NEWEST_RUNS.postgresql),
})
export const RECENT_FAILURES = readStatement({
  sqlite: failuresOf(NEWEST_RUNS.sqlite),
  postgresql: failuresOf(NEWEST_RUNS.postgresql),
})

const counted = (models: readonly string[], where: string): string =>
  models
    .map((model) => `SELECT '${model}' AS name, count(*) AS "rowCount" FROM "${model}" WHERE ${where}`)
    .join(' UNION ALL ')

export const OWN_ROW_COUNTS = readStatement(`${counted(TENANT_MODELS, '"tenantId" = :tenant')} ORDER BY name`)
export const ALL_ROW_COUNTS = readStatement(`${counted(MODELS, 'CAST(:tenant AS text) IS NOT NULL')} ORDER BY name`)
