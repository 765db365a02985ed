import { readStatement, writeStatement } from '@/lib/core/statement'

const OF = {
  sqlite: `"tenantId" = json_extract(r.value, '$.tenant_id') AND "traceId" = json_extract(r.value, '$.trace')`,
  postgresql: `"PausedRun"."tenantId" = r.tenant_id AND "PausedRun"."traceId" = r.trace`,
}

const AGAIN = `ON CONFLICT ("tenantId", "traceId") DO UPDATE SET "state" = excluded."state",
  "pausedAt" = excluded."pausedAt", "expiresAt" = excluded."expiresAt", "resumedAt" = NULL, "leaseUntil" = NULL,
  "leaseBy" = NULL, "attempts" = 0`

export const putPaused = writeStatement('runtime.pause', {
  sqlite: `INSERT INTO "PausedRun" ("tenantId", "traceId", "state", "pausedAt", "expiresAt", "attempts")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.trace'), json_extract(value, '$.state'),
      json_extract(value, '$.at'), json_extract(value, '$.until'), 0
    FROM json_each(:rows) WHERE true ${AGAIN}`,
  postgresql: `INSERT INTO "PausedRun" ("tenantId", "traceId", "state", "pausedAt", "expiresAt", "attempts")
    SELECT r.tenant_id, r.trace, r.state, r.at, r.until, 0 FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, trace text, state jsonb, at timestamp(3), until timestamp(3)) ${AGAIN}`,
})

// Free, or left by a process that does not hold it any more.
export const takePaused = writeStatement('runtime.take-paused', {
  sqlite: `UPDATE "PausedRun" SET "leaseUntil" = json_extract(r.value, '$.until'), "leaseBy" = json_extract(r.value, '$.by'),
      "resumedAt" = json_extract(r.value, '$.now'), "attempts" = "attempts" + 1
    FROM json_each(:rows) AS r WHERE ${OF.sqlite}
      AND ("leaseUntil" IS NULL OR "leaseUntil" <= json_extract(r.value, '$.now')) RETURNING "traceId"`,
  postgresql: `UPDATE "PausedRun" SET "leaseUntil" = r.until, "leaseBy" = r.by, "resumedAt" = r.now,
      "attempts" = "PausedRun"."attempts" + 1
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, by text, now timestamp(3), until timestamp(3))
    WHERE ${OF.postgresql} AND ("PausedRun"."leaseUntil" IS NULL OR "PausedRun"."leaseUntil" <= r.now)
    RETURNING "PausedRun"."traceId"`,
})

// Who still holds it may write; the same write keeps it held.
export const holdPaused = writeStatement('runtime.hold-paused', {
  sqlite: `UPDATE "PausedRun" SET "leaseUntil" = json_extract(r.value, '$.until') FROM json_each(:rows) AS r
    WHERE ${OF.sqlite} AND "leaseBy" = json_extract(r.value, '$.by') RETURNING "traceId"`,
  postgresql: `UPDATE "PausedRun" SET "leaseUntil" = r.until
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, by text, until timestamp(3))
    WHERE ${OF.postgresql} AND "PausedRun"."leaseBy" = r.by RETURNING "PausedRun"."traceId"`,
})

export const savePaused = writeStatement('runtime.save-paused', {
  sqlite: `UPDATE "PausedRun" SET "state" = json_extract(r.value, '$.state') FROM json_each(:rows) AS r
    WHERE ${OF.sqlite} RETURNING "traceId"`,
  postgresql: `UPDATE "PausedRun" SET "state" = r.state
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, state jsonb)
    WHERE ${OF.postgresql} RETURNING "PausedRun"."traceId"`,
})

export const freePaused = writeStatement('runtime.free-paused', {
  sqlite: `UPDATE "PausedRun" SET "leaseUntil" = NULL, "leaseBy" = NULL FROM json_each(:rows) AS r
    WHERE ${OF.sqlite} AND "leaseBy" = json_extract(r.value, '$.by') RETURNING "traceId"`,
  postgresql: `UPDATE "PausedRun" SET "leaseUntil" = NULL, "leaseBy" = NULL
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, by text)
    WHERE ${OF.postgresql} AND "PausedRun"."leaseBy" = r.by RETURNING "PausedRun"."traceId"`,
})

// With the end of the run goes what was kept to go on: nobody needs the texts any more.
export const dropPaused = writeStatement('runtime.drop-paused', {
  sqlite: `DELETE FROM "PausedRun" WHERE EXISTS (SELECT 1 FROM json_each(:rows) AS r
    WHERE "PausedRun"."tenantId" = json_extract(r.value, '$.tenant_id')
      AND "PausedRun"."traceId" = json_extract(r.value, '$.trace')) RETURNING "traceId"`,
  postgresql: `DELETE FROM "PausedRun" USING json_to_recordset(:rows::json) AS r(tenant_id text, trace text)
    WHERE ${OF.postgresql} RETURNING "PausedRun"."traceId"`,
})

export const findPaused = readStatement(`SELECT "traceId", "state", "pausedAt", "expiresAt", "leaseUntil", "leaseBy",
    "attempts" FROM "PausedRun" WHERE "tenantId" = :tenant AND "traceId" = :id`)
