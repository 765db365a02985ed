import { readStatement } from '@/lib/core/statement'

const both = (text: (dialect: 'sqlite' | 'postgresql') => string) =>
  readStatement({ sqlite: text('sqlite'), postgresql: text('postgresql') })

const OF_TRACE = `s."tenantId" = :tenant AND s."traceId" = :trace`

export const pageOfSpans = both(
  () => `SELECT s."spanId", s."parentSpanId", s."name", s."kind", CAST(s."startNs" AS TEXT) AS "startNs",
      CAST(s."endNs" AS TEXT) AS "endNs", s."status", s."provider",
      COALESCE(s."responseModel", s."requestModel") AS "model", s."toolName",
      s."inUncached", s."cacheRead", s."cacheWrite", s."outVisible", s."reasoning", s."audioIn", s."audioOut",
      CAST(s."givenNanoUsd" AS TEXT) AS "givenNanoUsd", CAST(s."computedNanoUsd" AS TEXT) AS "computedNanoUsd",
      s."isCounting", s."flags"
    FROM "TraceSpan" s WHERE ${OF_TRACE} AND s."startNs" >= CAST(:start AS BIGINT)
      AND (s."startNs" > CAST(:start AS BIGINT) OR s."spanId" > :after)
    ORDER BY s."startNs", s."spanId" LIMIT :limit`,
)

// Where no root ever came: when it all began and ended, and whom those at the top call their parent.
export const aboutSpans = both(
  () => `SELECT COUNT(*) AS "total", MIN(CASE WHEN s."parentSpanId" IS NULL THEN 0 ELSE 1 END) AS "isRootless",
      CAST(MIN(s."startNs") AS TEXT) AS "startNs", CAST(MAX(COALESCE(s."endNs", s."startNs")) AS TEXT) AS "endNs",
      MAX(CASE WHEN s."status" = 'error' THEN 1 ELSE 0 END) AS "hasFailed"
    FROM "TraceSpan" s WHERE ${OF_TRACE}`,
)

export const missingParents = both(
  () => `SELECT DISTINCT s."parentSpanId" FROM "TraceSpan" s WHERE ${OF_TRACE} AND s."parentSpanId" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM "TraceSpan" p WHERE p."tenantId" = s."tenantId" AND p."traceId" = s."traceId"
        AND p."spanId" = s."parentSpanId") LIMIT 2`,
)

const OFFERED = {
  sqlite: `json_extract(s."facts", '$.offered')`,
  postgresql: `CAST(s."facts"::json -> 'offered' AS TEXT)`,
}

// Tools that there are: a model was offered them, or they did what they were asked.
export const knownTools = both(
  (dialect) => `SELECT DISTINCT CASE WHEN s."kind" = 'tool' AND s."status" <> 'error' THEN s."toolName" END AS "tool",
      ${OFFERED[dialect]} AS "offered"
    FROM "TraceSpan" s WHERE ${OF_TRACE} AND (s."toolName" IS NOT NULL OR ${OFFERED[dialect]} IS NOT NULL) LIMIT 5000`,
)

export const eventsOfSpans = both(
  (dialect) => `SELECT "spanId", "id", "name", CAST("timeNs" AS TEXT) AS "timeNs", "content" FROM "SpanEvent"
    WHERE "tenantId" = :tenant AND "traceId" = :trace AND "spanId" IN ${
      dialect === 'sqlite' ? '(SELECT value FROM json_each(:spans))' : '(SELECT json_array_elements_text(:spans::json))'
    } ORDER BY "timeNs", "id" LIMIT 2000`,
)

// The calls, tools and failures of a trace in their order: what its steps are told from.
export const stepSpans = both(
  () => `SELECT s."spanId" FROM "TraceSpan" s WHERE ${OF_TRACE} AND (s."kind" IN ('inference', 'embedding', 'tool')
      OR s."parentSpanId" IS NULL OR s."status" = 'error') ORDER BY s."startNs", s."spanId" LIMIT :limit`,
)
