import { writeStatement } from '@/lib/core/statement'

const columns = (fields: readonly (readonly [column: string, key: string, type: string])[]) => ({
  names: fields.map(([column]) => `"${column}"`).join(', '),
  sqlite: fields.map(([, key]) => `json_extract(value, '$.${key}')`).join(', '),
  postgresql: fields.map(([, key]) => `r."${key}"`).join(', '),
  record: fields.map(([, key, type]) => `"${key}" ${type}`).join(', '),
  setSqlite: fields.map(([column, key]) => `"${column}" = json_extract(value, '$.${key}')`).join(', '),
  setPostgresql: fields.map(([column, key]) => `"${column}" = r."${key}"`).join(', '),
})

type Fields = Parameters<typeof columns>[0]

const insertInto = (name: string, table: string, fields: Fields) => {
  const all = columns([['tenantId', 'tenant_id', 'text'], ...fields])
  return writeStatement(name, {
    sqlite: `INSERT INTO "${table}" (${all.names}) SELECT ${all.sqlite} FROM json_each(:rows)`,
    postgresql: `INSERT INTO "${table}" (${all.names}) SELECT ${all.postgresql}
      FROM json_to_recordset(:rows::json) AS r(${all.record})`,
  })
}

export const insertTrace = insertInto('tracing.insert', 'Trace', [
  ['id', 'id', 'text'],
  ['origin', 'origin', 'text'],
  ['replayOf', 'replay_of', 'text'],
  ['executionId', 'execution', 'text'],
  ['workspaceId', 'workspace', 'text'],
  ['environment', 'environment', 'text'],
  ['kind', 'kind', 'text'],
  ['actor', 'actor', 'text'],
  ['userId', 'user', 'text'],
  ['agentRole', 'role', 'text'],
  ['sessionKey', 'session', 'text'],
  ['status', 'status', 'text'],
  ['startedAt', 'started', 'timestamp(3)'],
  ['leaseUntil', 'lease', 'timestamp(3)'],
  ['workspaceHash', 'hash', 'text'],
  ['promptSource', 'prompt_source', 'text'],
  ['correlationId', 'correlation', 'text'],
  ['provider', 'provider', 'text'],
  ['model', 'model', 'text'],
  ['riskScore', 'risk_score', 'int'],
  ['riskLevel', 'risk_level', 'text'],
  ['skillVersions', 'skills', 'text'],
  ['pinId', 'pin', 'text'],
  ['arm', 'arm', 'text'],
])

export const insertContent = insertInto('tracing.content', 'TraceContent', [
  ['traceId', 'trace', 'text'],
  ['inputs', 'inputs', 'text'],
])

export const insertLabels = insertInto('tracing.first-labels', 'TraceLabel', [
  ['traceId', 'trace', 'text'],
  ['key', 'key', 'text'],
  ['value', 'value', 'text'],
  ['startedAt', 'started', 'timestamp(3)'],
])

export const insertSteps = insertInto('tracing.steps', 'TraceStep', [
  ['traceId', 'trace', 'text'],
  ['seq', 'seq', 'int'],
  ['stepId', 'step', 'text'],
  ['type', 'type', 'text'],
  ['timestamp', 'at', 'timestamp(3)'],
  ['durationMs', 'ms', 'int'],
  ['data', 'data', 'text'],
  ['prevStepHash', 'prev', 'text'],
  ['stepHash', 'hash', 'text'],
])

const ENDING = columns([
  ['status', 'status', 'text'],
  ['stopReason', 'stop', 'text'],
  ['completedAt', 'completed', 'timestamp(3)'],
  ['durationMs', 'ms', 'int'],
  ['durationBucket', 'bucket', 'int'],
  ['provider', 'provider', 'text'],
  ['model', 'model', 'text'],
  ['inputTokens', 'input', 'int'],
  ['outputTokens', 'output', 'int'],
  ['cacheReadTokens', 'cache_read', 'int'],
  ['cacheWriteTokens', 'cache_write', 'int'],
  ['costMicroUsd', 'cost', 'bigint'],
  ['usageEstimated', 'estimated', 'boolean'],
  ['stepCount', 'steps', 'int'],
  ['toolCallCount', 'tools', 'int'],
  ['lastStepHash', 'last_hash', 'text'],
  ['errorCode', 'error_code', 'text'],
  ['error', 'error', 'text'],
  ['taskId', 'task', 'text'],
  ['delivery', 'delivery', 'text'],
  ['suppressed', 'suppressed', 'boolean'],
])

// A run ends once: whoever finds it ended changes nothing.
export const endTrace = writeStatement('tracing.end', {
  sqlite: `UPDATE "Trace" SET ${ENDING.setSqlite} FROM json_each(:rows)
    WHERE "tenantId" = json_extract(value, '$.tenant_id') AND "Trace"."id" = json_extract(value, '$.id')
      AND "status" = 'running' RETURNING "id"`,
  postgresql: `UPDATE "Trace" SET ${ENDING.setPostgresql}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, ${ENDING.record})
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id AND "Trace"."status" = 'running'
    RETURNING "Trace"."id"`,
})

const CORRECTED = columns([
  ['inputTokens', 'input', 'int'],
  ['outputTokens', 'output', 'int'],
  ['cacheReadTokens', 'cache_read', 'int'],
  ['cacheWriteTokens', 'cache_write', 'int'],
  ['costMicroUsd', 'cost', 'bigint'],
  ['usageEstimated', 'estimated', 'boolean'],
])

export const correctTrace = writeStatement('tracing.correct', {
  sqlite: `UPDATE "Trace" SET ${CORRECTED.setSqlite} FROM json_each(:rows)
    WHERE "tenantId" = json_extract(value, '$.tenant_id') AND "Trace"."id" = json_extract(value, '$.id')
      AND "errorCode" = 'interrupted'`,
  postgresql: `UPDATE "Trace" SET ${CORRECTED.setPostgresql}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, ${CORRECTED.record})
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id AND "Trace"."errorCode" = 'interrupted'`,
})

export const setOutcome = writeStatement('tracing.outcome', {
  sqlite: `UPDATE "TraceContent" SET "outcome" = json_extract(value, '$.outcome') FROM json_each(:rows)
    WHERE "tenantId" = json_extract(value, '$.tenant_id') AND "traceId" = json_extract(value, '$.trace')`,
  postgresql: `UPDATE "TraceContent" SET "outcome" = r.outcome
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, outcome text)
    WHERE "TraceContent"."tenantId" = r.tenant_id AND "TraceContent"."traceId" = r.trace`,
})

export const setRisk = writeStatement('tracing.risk', {
  sqlite: `UPDATE "Trace" SET "riskScore" = json_extract(value, '$.score'), "riskLevel" = json_extract(value, '$.level')
    FROM json_each(:rows)
    WHERE "tenantId" = json_extract(value, '$.tenant_id') AND "Trace"."id" = json_extract(value, '$.id')`,
  postgresql: `UPDATE "Trace" SET "riskScore" = r.score, "riskLevel" = r.level
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, score int, level text)
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id`,
})

export const setDelivery = writeStatement('tracing.delivery', {
  sqlite: `UPDATE "Trace" SET "delivery" = json_extract(value, '$.delivery'),
      "taskId" = COALESCE(json_extract(value, '$.task'), "taskId"), "messageId" = json_extract(value, '$.message'), "documentId" = json_extract(value, '$.document')
    FROM json_each(:rows)
    WHERE "tenantId" = json_extract(value, '$.tenant_id') AND "Trace"."id" = json_extract(value, '$.id')`,
  postgresql: `UPDATE "Trace" SET "delivery" = r.delivery, "taskId" = COALESCE(r.task, "taskId"),
      "messageId" = r.message, "documentId" = r.document
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, delivery text, task text, message text, document text)
    WHERE "Trace"."tenantId" = r.tenant_id AND "Trace"."id" = r.id`,
})
