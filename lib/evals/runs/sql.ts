import { readStatement, writeStatement } from '@/lib/core/statement'

export const insertResults = writeStatement('evals.results', {
  sqlite: `INSERT INTO "EvalResult" ("tenantId", "runId", "caseId", "attempt", "position", "caseBody", "status", "scores",
      "costMicroUsd")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.run'), json_extract(value, '$.case'),
      json_extract(value, '$.attempt'), json_extract(value, '$.at'), json_extract(value, '$.body'), 'queued', '{}', 0
    FROM json_each(:rows)`,
  postgresql: `INSERT INTO "EvalResult" ("tenantId", "runId", "caseId", "attempt", "position", "caseBody", "status",
      "scores", "costMicroUsd")
    SELECT r.tenant_id, r.run, r."case", r.attempt, r.at, r.body, 'queued', '{}', 0
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, run text, "case" text, attempt int, at int, body jsonb)`,
})

const COLUMNS = [
  ['status', 'status', 'text'],
  ['output', 'output', 'text'],
  ['toolCalls', 'calls', 'jsonb'],
  ['score', 'score', 'double precision'],
  ['scores', 'scores', 'jsonb'],
  ['durationMs', 'ms', 'int'],
  ['costMicroUsd', 'cost', 'bigint'],
  ['traceId', 'trace', 'text'],
  ['error', 'error', 'text'],
  ['completedAt', 'done', 'timestamp(3)'],
] as const

const setSqlite = COLUMNS.map(([column, key]) => `"${column}" = json_extract(r.value, '$.${key}')`).join(', ')
const setPostgresql = COLUMNS.map(([column, key]) => `"${column}" = r."${key}"`).join(', ')
const record = COLUMNS.map(([, key, type]) => `"${key}" ${type}`).join(', ')

// Once: who comes second, after a lease that ran out, changes nothing.
export const endResult = writeStatement('evals.result-end', {
  sqlite: `UPDATE "EvalResult" SET ${setSqlite} FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "runId" = json_extract(r.value, '$.run')
      AND "caseId" = json_extract(r.value, '$.case') AND "attempt" = json_extract(r.value, '$.attempt')
      AND "EvalResult"."status" = json_extract(r.value, '$.was')`,
  postgresql: `UPDATE "EvalResult" SET ${setPostgresql}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, run text, "case" text, attempt int, was text, ${record})
    WHERE "EvalResult"."tenantId" = r.tenant_id AND "EvalResult"."runId" = r.run AND "EvalResult"."caseId" = r."case"
      AND "EvalResult"."attempt" = r.attempt AND "EvalResult"."status" = r.was`,
})

// What was not begun when a run ended.
export const dropResults = writeStatement('evals.results-left', {
  sqlite: `UPDATE "EvalResult" SET "status" = json_extract(r.value, '$.status'), "error" = json_extract(r.value, '$.error')
    FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "runId" = json_extract(r.value, '$.run')
      AND "EvalResult"."status" IN ('queued', 'answered')`,
  postgresql: `UPDATE "EvalResult" SET "status" = r.status, "error" = r.error
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, run text, status text, error text)
    WHERE "EvalResult"."tenantId" = r.tenant_id AND "EvalResult"."runId" = r.run
      AND "EvalResult"."status" IN ('queued', 'answered')`,
})

export const takeRun = writeStatement('evals.take', {
  sqlite: `UPDATE "EvalRun" SET "leaseUntil" = json_extract(r.value, '$.until'),
      "status" = CASE WHEN "EvalRun"."status" = 'queued' THEN 'running' ELSE "EvalRun"."status" END,
      "startedAt" = coalesce("startedAt", json_extract(r.value, '$.now'))
    FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "EvalRun"."id" = json_extract(r.value, '$.id')
      AND "EvalRun"."status" IN ('queued', 'running', 'cancelling')
      AND ("leaseUntil" IS NULL OR "leaseUntil" < json_extract(r.value, '$.now'))
    RETURNING "EvalRun"."id"`,
  postgresql: `UPDATE "EvalRun" SET "leaseUntil" = r.until,
      "status" = CASE WHEN "EvalRun"."status" = 'queued' THEN 'running' ELSE "EvalRun"."status" END,
      "startedAt" = coalesce("startedAt", r.now)
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, until timestamp(3), now timestamp(3))
    WHERE "EvalRun"."tenantId" = r.tenant_id AND "EvalRun"."id" = r.id
      AND "EvalRun"."status" IN ('queued', 'running', 'cancelling')
      AND ("leaseUntil" IS NULL OR "leaseUntil" < r.now)
    RETURNING "EvalRun"."id"`,
})

// The time until which somebody holds a run is also how he is told from those who held it before.
export const renewRun = writeStatement('evals.renew', {
  sqlite: `UPDATE "EvalRun" SET "leaseUntil" = json_extract(r.value, '$.until') FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "EvalRun"."id" = json_extract(r.value, '$.id')
      AND "leaseUntil" = json_extract(r.value, '$.held')
    RETURNING "EvalRun"."id"`,
  postgresql: `UPDATE "EvalRun" SET "leaseUntil" = r.until
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, until timestamp(3), held timestamp(3))
    WHERE "EvalRun"."tenantId" = r.tenant_id AND "EvalRun"."id" = r.id AND "leaseUntil" = r.held
    RETURNING "EvalRun"."id"`,
})

const END = [
  ['status', 'status', 'text'],
  ['outcome', 'outcome', 'text'],
  ['doneCount', 'done', 'int'],
  ['passCount', 'passed', 'int'],
  ['failCount', 'failed', 'int'],
  ['errorCount', 'errors', 'int'],
  ['inconclusiveCount', 'inconclusive', 'int'],
  ['scores', 'scores', 'jsonb'],
  ['costMicroUsd', 'cost', 'bigint'],
  ['failure', 'failure', 'text'],
  ['completedAt', 'now', 'timestamp(3)'],
] as const

export const endRun = writeStatement('evals.end', {
  sqlite: `UPDATE "EvalRun" SET ${END.map(([column, key]) => `"${column}" = json_extract(r.value, '$.${key}')`).join(', ')},
      "leaseUntil" = NULL FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "EvalRun"."id" = json_extract(r.value, '$.id')
      AND "leaseUntil" = json_extract(r.value, '$.held') RETURNING "EvalRun"."id"`,
  postgresql: `UPDATE "EvalRun" SET ${END.map(([column, key]) => `"${column}" = r."${key}"`).join(', ')}, "leaseUntil" = NULL
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, held timestamp(3),
      ${END.map(([, key, type]) => `"${key}" ${type}`).join(', ')})
    WHERE "EvalRun"."tenantId" = r.tenant_id AND "EvalRun"."id" = r.id AND "leaseUntil" = r.held RETURNING "EvalRun"."id"`,
})

/** How far runs that have not ended are, by run and status. */
export const countResults = readStatement({
  sqlite: `SELECT "runId" AS "run", "status", count(*) AS "n", sum("costMicroUsd") AS "cost" FROM "EvalResult"
    WHERE "tenantId" = :tenant AND "runId" IN (SELECT value FROM json_each(:ids)) GROUP BY "runId", "status"`,
  postgresql: `SELECT "runId" AS "run", "status", count(*) AS "n", sum("costMicroUsd") AS "cost" FROM "EvalResult"
    WHERE "tenantId" = :tenant AND "runId" IN (SELECT json_array_elements_text(:ids::json)) GROUP BY "runId", "status"`,
})
