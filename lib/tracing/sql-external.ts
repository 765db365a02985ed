import { writeStatement } from '@/lib/core/statement'

type Field = readonly [column: string, key: string, type: string]

const FIELDS: readonly Field[] = [
  ['tenantId', 'tenant_id', 'text'],
  ['id', 'id', 'text'],
  ['origin', 'origin', 'text'],
  ['name', 'name', 'text'],
  ['executionId', 'execution', 'text'],
  ['workspaceId', 'workspace', 'text'],
  ['environment', 'environment', 'text'],
  ['kind', 'kind', 'text'],
  ['actor', 'actor', 'text'],
  ['userId', 'user', 'text'],
  ['agentRole', 'role', 'text'],
  ['status', 'status', 'text'],
  ['startedAt', 'started', 'timestamp(3)'],
  ['completedAt', 'completed', 'timestamp(3)'],
  ['leaseUntil', 'completed', 'timestamp(3)'],
  ['durationMs', 'ms', 'int'],
  ['durationBucket', 'bucket', 'int'],
  ['promptSource', 'prompt_source', 'text'],
  ['provider', 'provider', 'text'],
  ['model', 'model', 'text'],
  ['inputTokens', 'input', 'int'],
  ['outputTokens', 'output', 'int'],
  ['usageEstimated', 'estimated', 'boolean'],
  ['stepCount', 'steps', 'int'],
  ['errorCount', 'errors', 'int'],
  ['toolCallCount', 'tools', 'int'],
  ['lastStepHash', 'last_hash', 'text'],
  ['errorCode', 'error_code', 'text'],
  ['error', 'error', 'text'],
  ['riskScore', 'risk_score', 'int'],
  ['riskLevel', 'risk_level', 'text'],
  ['adapterId', 'adapter', 'text'],
  ['trustStatus', 'trust', 'text'],
]

const names = FIELDS.map(([column]) => `"${column}"`).join(', ')
const record = [...new Set(FIELDS.map(([, key, type]) => `"${key}" ${type}`))].join(', ')

// Guarded: a trace that is there stays as it is, whoever wrote it.
export const insertExternalTrace = writeStatement('tracing.external', {
  sqlite: `INSERT INTO "Trace" (${names})
    SELECT ${FIELDS.map(([, key]) => `json_extract(r.value, '$.${key}')`).join(', ')} FROM json_each(:rows) AS r
    WHERE true ON CONFLICT DO NOTHING RETURNING "id"`,
  postgresql: `INSERT INTO "Trace" (${names}) SELECT ${FIELDS.map(([, key]) => `r."${key}"`).join(', ')}
    FROM json_to_recordset(:rows::json) AS r(${record}) ORDER BY r."tenant_id", r."id"
    ON CONFLICT DO NOTHING RETURNING "id"`,
})

// Reports about one trace come one after the other, so that none of them misses what the other brought. Guarded: two
// of one group would be counted by one statement, so each of them goes alone.
export const lockExternal = writeStatement('tracing.external-lock', {
  sqlite: `SELECT MIN(json_extract(value, '$.i')) AS "i" FROM json_each(:rows)
    GROUP BY json_extract(value, '$.tenant_id'), json_extract(value, '$.trace')`,
  postgresql: `SELECT x.i, pg_advisory_xact_lock(x.key) FROM (SELECT MIN(r.i) AS i,
      hashtextextended('clasper.external-trace:' || r.tenant_id || ':' || r.trace, 0) AS key
    FROM json_to_recordset(:rows::json) AS r(i int, tenant_id text, trace text) GROUP BY 2 ORDER BY 2) AS x`,
})

// What a trace of an external agent has cost is what the ledger says, in whatever order the two came in.
const COST = `COALESCE((SELECT SUM(l."costMicroUsd") FROM "LedgerEntry" AS l
  WHERE l."tenantId" = "Trace"."tenantId" AND l."traceId" = "Trace"."id" AND l."adapterId" = "Trace"."adapterId"), 0)`

export const countExternalCost = writeStatement('tracing.external-cost', {
  sqlite: `UPDATE "Trace" SET "costMicroUsd" = ${COST} FROM json_each(:rows) AS r
    WHERE "Trace"."tenantId" = json_extract(r.value, '$.tenant_id')
      AND "Trace"."id" = json_extract(r.value, '$.trace') AND "Trace"."origin" = 'adapter'`,
  postgresql: `UPDATE "Trace" SET "costMicroUsd" = ${COST}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text)
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.trace AND "Trace"."origin" = 'adapter'`,
})

const VIOLATED = `"Trace"."trustStatus" = 'verified' AND EXISTS (SELECT 1 FROM "AdapterReport" AS v
  WHERE v."tenantId" = "Trace"."tenantId" AND v."adapterId" = "Trace"."adapterId"
    AND v."executionId" = "Trace"."executionId" AND v."kind" = 'violations' AND v."traceId" = "Trace"."id")`

export const markViolated = writeStatement('tracing.external-violated', {
  sqlite: `UPDATE "Trace" SET "trustStatus" = 'verified_with_violations' FROM json_each(:rows) AS r
    WHERE "Trace"."tenantId" = json_extract(r.value, '$.tenant_id')
      AND "Trace"."id" = json_extract(r.value, '$.trace') AND ${VIOLATED}`,
  postgresql: `UPDATE "Trace" SET "trustStatus" = 'verified_with_violations'
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text)
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.trace AND ${VIOLATED}`,
})
