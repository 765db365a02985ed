import { writeStatement } from '@/lib/core/statement'

// What a run has used so far stands on its row while nobody works on it.
const SO_FAR = [
  ['leaseUntil', 'lease', 'timestamp(3)'],
  ['stopReason', 'stop', 'text'],
  ['inputTokens', 'input', 'int'],
  ['outputTokens', 'output', 'int'],
  ['cacheReadTokens', 'cache_read', 'int'],
  ['cacheWriteTokens', 'cache_write', 'int'],
  ['costMicroUsd', 'cost', 'bigint'],
  ['usageEstimated', 'estimated', 'boolean'],
  ['stepCount', 'steps', 'int'],
  ['toolCallCount', 'tools', 'int'],
  ['lastStepHash', 'last_hash', 'text'],
  ['taskId', 'task', 'text'],
] as const

const setSqlite = SO_FAR.map(([column, key]) => `"${column}" = json_extract(r.value, '$.${key}')`).join(', ')
const setPostgresql = SO_FAR.map(([column, key]) => `"${column}" = r."${key}"`).join(', ')
const record = SO_FAR.map(([, key, type]) => `"${key}" ${type}`).join(', ')

export const pauseTrace = writeStatement('tracing.pause', {
  sqlite: `UPDATE "Trace" SET "status" = 'paused', ${setSqlite} FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "Trace"."id" = json_extract(r.value, '$.id')
      AND "status" = 'running' RETURNING "Trace"."id"`,
  postgresql: `UPDATE "Trace" SET "status" = 'paused', ${setPostgresql}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, ${record})
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id AND "Trace"."status" = 'running'
    RETURNING "Trace"."id"`,
})

// Also of a run that was taken up before and whose server died.
export const resumeTrace = writeStatement('tracing.resume', {
  sqlite: `UPDATE "Trace" SET "status" = 'running', "stopReason" = NULL, "leaseUntil" = json_extract(r.value, '$.lease')
    FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "Trace"."id" = json_extract(r.value, '$.id')
      AND "status" IN ('paused', 'running') RETURNING "Trace"."id"`,
  postgresql: `UPDATE "Trace" SET "status" = 'running', "stopReason" = NULL, "leaseUntil" = r.lease
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, lease timestamp(3))
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id AND "Trace"."status" IN ('paused', 'running')
    RETURNING "Trace"."id"`,
})
