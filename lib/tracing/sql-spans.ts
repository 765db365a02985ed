import { readStatement, writeStatement } from '@/lib/core/statement'

type Field = readonly [column: string, key: string, type: string, sqlite?: 'integer']

const taken = (fields: readonly Field[], dialect: 'sqlite' | 'postgresql'): string =>
  fields
    .map(([, key, , cast]) => {
      if (dialect === 'postgresql') return `r."${key}"`
      const value = `json_extract(r.value, '$.${key}')`
      return cast === 'integer' ? `CAST(${value} AS INTEGER)` : value
    })
    .join(', ')

const names = (fields: readonly Field[]): string => fields.map(([column]) => `"${column}"`).join(', ')
const record = (fields: readonly Field[]): string => fields.map(([, key, type]) => `"${key}" ${type}`).join(', ')
const recordset = (fields: readonly Field[]): string => `json_to_recordset(:rows::json) AS r(${record(fields)})`

const SPAN: readonly Field[] = [
  ['tenantId', 'tenant_id', 'text'],
  ['traceId', 'trace', 'text'],
  ['spanId', 'id', 'text'],
  ['parentSpanId', 'parent', 'text'],
  ['name', 'name', 'text'],
  ['kind', 'kind', 'text'],
  ['startNs', 'start', 'bigint', 'integer'],
  ['endNs', 'end', 'bigint', 'integer'],
  ['status', 'status', 'text'],
  ['errorType', 'error_type', 'text'],
  ['statusMessage', 'message', 'text'],
  ['provider', 'provider', 'text'],
  ['requestModel', 'asked', 'text'],
  ['responseModel', 'served', 'text'],
  ['toolName', 'tool', 'text'],
  ['toolCallId', 'call', 'text'],
  ['responseId', 'response', 'text'],
  ['inUncached', 'in_uncached', 'int'],
  ['cacheRead', 'cache_read', 'int'],
  ['cacheWrite', 'cache_write', 'int'],
  ['outVisible', 'out_visible', 'int'],
  ['reasoning', 'reasoning', 'int'],
  ['audioIn', 'audio_in', 'int'],
  ['audioOut', 'audio_out', 'int'],
  ['givenNanoUsd', 'given', 'bigint', 'integer'],
  ['computedNanoUsd', 'computed', 'bigint', 'integer'],
  ['priceVersion', 'price', 'text'],
  ['isCounting', 'counting', 'boolean'],
  ['dialect', 'dialect', 'text'],
  ['flags', 'flags', 'text'],
  ['facts', 'facts', 'text'],
  ['content', 'content', 'text'],
  ['receivedAt', 'received', 'timestamp(3)'],
]

const SPAN_KEY = '"tenantId", "traceId", "spanId"'
const replaced = (fields: readonly Field[], keys: number): string =>
  fields
    .slice(keys)
    .map(([column]) => `"${column}" = excluded."${column}"`)
    .join(', ')

// Rows are whole spans, merged before: whoever writes them holds the trace. Parsed once, each of them is a third of
// the work.
export const putSpans = writeStatement('tracing.spans', {
  sqlite: `WITH parsed AS MATERIALIZED (SELECT jsonb(value) AS value FROM json_each(:rows))
    INSERT INTO "TraceSpan" (${names(SPAN)}) SELECT ${taken(SPAN, 'sqlite')} FROM parsed AS r
    WHERE true ON CONFLICT (${SPAN_KEY}) DO UPDATE SET ${replaced(SPAN, 3)}`,
  postgresql: `INSERT INTO "TraceSpan" (${names(SPAN)}) SELECT ${taken(SPAN, 'postgresql')} FROM ${recordset(SPAN)}
    ON CONFLICT (${SPAN_KEY}) DO UPDATE SET ${replaced(SPAN, 3)}`,
})

// What counts among those that came before.
export const setCounting = writeStatement('tracing.spans-counting', {
  sqlite: `UPDATE "TraceSpan" SET "isCounting" = json_extract(r.value, '$.counting') FROM json_each(:rows) AS r
    WHERE "tenantId" = json_extract(r.value, '$.tenant_id') AND "traceId" = json_extract(r.value, '$.trace')
      AND "spanId" = json_extract(r.value, '$.id')`,
  postgresql: `UPDATE "TraceSpan" AS s SET "isCounting" = r.counting
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, id text, counting boolean)
    WHERE s."tenantId" = r.tenant_id AND s."traceId" = r.trace AND s."spanId" = r.id`,
})

const TRACE: readonly Field[] = [
  ['name', 'name', 'text'],
  ['environment', 'environment', 'text'],
  ['userId', 'user', 'text'],
  ['agentRole', 'role', 'text'],
  ['sessionKey', 'session', 'text'],
  ['status', 'status', 'text'],
  ['startedAt', 'started', 'timestamp(3)'],
  ['completedAt', 'completed', 'timestamp(3)'],
  ['leaseUntil', 'received', 'timestamp(3)'],
  ['durationMs', 'ms', 'int'],
  ['durationBucket', 'bucket', 'int'],
  ['provider', 'provider', 'text'],
  ['model', 'model', 'text'],
  ['inputTokens', 'input', 'int'],
  ['outputTokens', 'output', 'int'],
  ['cacheReadTokens', 'cache_read', 'int'],
  ['cacheWriteTokens', 'cache_write', 'int'],
  ['reasoningTokens', 'reasoning', 'int'],
  ['costMicroUsd', 'cost', 'bigint', 'integer'],
  ['usageEstimated', 'estimated', 'boolean'],
  ['stepCount', 'steps', 'int'],
  ['spanCount', 'spans', 'int'],
  ['errorCount', 'errors', 'int'],
  ['toolCallCount', 'tools', 'int'],
  ['errorCode', 'error_code', 'text'],
  ['error', 'error', 'text'],
  ['skillVersions', 'skills', 'text'],
]

const NEW_TRACE: readonly Field[] = [
  ['tenantId', 'tenant_id', 'text'],
  ['id', 'id', 'text'],
  ['executionId', 'id', 'text'],
  ['workspaceId', 'workspace', 'text'],
  ['origin', 'origin', 'text'],
  ['kind', 'kind', 'text'],
  ['actor', 'actor', 'text'],
  ['promptSource', 'prompt_source', 'text'],
  ['lastStepHash', 'version', 'text'],
  ...TRACE,
]

const NEW_RECORD = NEW_TRACE.filter(([column]) => column !== 'executionId')
const SORTED = 'ORDER BY r."tenant_id", r."id"'

// Guarded: two that saw no trace cannot both begin it.
export const insertSpanTrace = writeStatement('tracing.span-trace', {
  sqlite: `INSERT INTO "Trace" (${names(NEW_TRACE)}) SELECT ${taken(NEW_TRACE, 'sqlite')} FROM json_each(:rows) AS r
    WHERE true ON CONFLICT DO NOTHING RETURNING "id"`,
  postgresql: `INSERT INTO "Trace" (${names(NEW_TRACE)}) SELECT ${taken(NEW_TRACE, 'postgresql')}
    FROM ${recordset(NEW_RECORD)} ${SORTED} ON CONFLICT DO NOTHING RETURNING "id"`,
})

// Guarded: whoever read an older version of the trace reads again. It also holds the row for the rest of the commit.
export const claimSpanTrace = writeStatement('tracing.span-claim', {
  sqlite: `UPDATE "Trace" SET "lastStepHash" = json_extract(r.value, '$.version') FROM json_each(:rows) AS r
    WHERE "Trace"."tenantId" = json_extract(r.value, '$.tenant_id') AND "Trace"."id" = json_extract(r.value, '$.id')
      AND "Trace"."lastStepHash" = json_extract(r.value, '$.seen') AND "Trace"."origin" = 'otlp'
      AND "Trace"."storage" = 'full' RETURNING "Trace"."id"`,
  postgresql: `WITH held AS (
      SELECT t."tenantId", t."id", r.version FROM "Trace" t
      JOIN json_to_recordset(:rows::json) AS r(tenant_id text, id text, seen text, version text)
        ON t."tenantId" = r.tenant_id AND t."id" = r.id AND t."lastStepHash" = r.seen
      WHERE t."origin" = 'otlp' AND t."storage" = 'full' ORDER BY t."tenantId", t."id" FOR UPDATE OF t
    )
    UPDATE "Trace" AS t SET "lastStepHash" = held.version FROM held
    WHERE t."tenantId" = held."tenantId" AND t."id" = held."id" RETURNING t."id"`,
})

const setFields = (dialect: 'sqlite' | 'postgresql'): string =>
  TRACE.map((field) => `"${field[0]}" = ${taken([field], dialect)}`).join(', ')

export const updateSpanTrace = writeStatement('tracing.span-totals', {
  sqlite: `UPDATE "Trace" SET ${setFields('sqlite')} FROM json_each(:rows) AS r
    WHERE "Trace"."tenantId" = json_extract(r.value, '$.tenant_id') AND "Trace"."id" = json_extract(r.value, '$.id')`,
  postgresql: `UPDATE "Trace" AS t SET ${setFields('postgresql')}
    FROM ${recordset([['', 'tenant_id', 'text'], ['', 'id', 'text'], ...TRACE])}
    WHERE t."tenantId" = r.tenant_id AND t."id" = r.id`,
})

const IDS = {
  sqlite: '(SELECT value FROM json_each(:ids))',
  postgresql: '(SELECT json_array_elements_text(:ids::json))',
}

const both = (text: (dialect: 'sqlite' | 'postgresql') => string) =>
  readStatement({ sqlite: text('sqlite'), postgresql: text('postgresql') })

export const findSpanTraces = both(
  (dialect) => `SELECT t."id", t."origin", t."storage", t."lastStepHash", t."workspaceId", t."userId", t."environment",
      t."startedAt", t."spanCount", x."text"
    FROM "Trace" t LEFT JOIN "TraceText" x ON x."tenantId" = t."tenantId" AND x."traceId" = t."id"
    WHERE t."tenantId" = :tenant AND t."id" IN ${IDS[dialect]}`,
)

const grouping = {
  sqlite: `json_extract(s."facts", '$.grouping')`,
  postgresql: `s."facts"::json -> 'grouping'`,
}

// All that the totals of a trace are made from.
export const findLightSpans = both(
  (dialect) => `SELECT s."traceId", s."spanId", s."parentSpanId", s."kind", CAST(s."startNs" AS TEXT) AS "startNs",
      CAST(s."endNs" AS TEXT) AS "endNs", s."status",
      CASE WHEN s."parentSpanId" IS NULL THEN s."name" END AS "name",
      CASE WHEN s."status" = 'error' THEN s."errorType" END AS "errorType",
      CASE WHEN s."status" = 'error' THEN s."statusMessage" END AS "statusMessage",
      s."provider", COALESCE(s."responseModel", s."requestModel") AS "model", s."responseId",
      s."inUncached", s."cacheRead", s."cacheWrite", s."outVisible", s."reasoning", s."audioIn", s."audioOut",
      CAST(s."givenNanoUsd" AS TEXT) AS "givenNanoUsd", CAST(s."computedNanoUsd" AS TEXT) AS "computedNanoUsd",
      s."isCounting", s."flags", CAST(${grouping[dialect]} AS TEXT) AS "grouping"
    FROM "TraceSpan" s WHERE s."tenantId" = :tenant AND s."traceId" IN ${IDS[dialect]}`,
)

const WHOLE = SPAN.slice(1)
  .map(([column, , , cast]) => (cast === 'integer' ? `CAST(s."${column}" AS TEXT) AS "${column}"` : `s."${column}"`))
  .join(', ')

const KEYS = {
  sqlite: `json_each(:keys) AS k JOIN "TraceSpan" s ON s."traceId" = json_extract(k.value, '$[0]')
    AND s."spanId" = json_extract(k.value, '$[1]')`,
  postgresql: `json_array_elements(:keys::json) AS k JOIN "TraceSpan" s ON s."traceId" = k ->> 0
    AND s."spanId" = k ->> 1`,
}

export const findSpans = both((dialect) => `SELECT ${WHOLE} FROM ${KEYS[dialect]} WHERE s."tenantId" = :tenant`)
