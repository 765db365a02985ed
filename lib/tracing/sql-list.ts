import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { type ReadStatement, readStatement } from '@/lib/core/statement'
import { both, countedIn, type Shape, sortOf, sourceOf } from './sql-filter'

export const COLUMNS = [
  ...['tenantId', 'id', 'origin', 'name', 'executionId', 'workspaceId', 'environment', 'kind', 'userId', 'agentRole'],
  ...['sessionKey', 'status', 'stopReason', 'startedAt', 'completedAt', 'durationMs', 'workspaceHash', 'promptSource'],
  ...['correlationId', 'provider', 'model', 'inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'],
  ...['reasoningTokens', 'costMicroUsd', 'usageEstimated', 'stepCount', 'spanCount', 'errorCount', 'toolCallCount'],
  ...['errorCode', 'error', 'taskId', 'messageId', 'documentId', 'delivery', 'suppressed', 'riskScore', 'riskLevel'],
  ...['replayOf', 'skillVersions', 'storage', 'adapterId', 'trustStatus', 'pinId', 'arm'],
] as const

const MOST_SHAPES = 1_000

const cached = (kind: string, { driver, conditions }: Shape, make: () => ReadStatement): ReadStatement => {
  const known = kernel().slot('tracing.statements', () => new LRUCache<string, ReadStatement>({ max: MOST_SHAPES }))
  const key = [kind, driver, ...conditions].join(' ')
  const found = known.get(key)
  if (found) return found
  const made = make()
  known.set(key, made)
  return made
}

const list = COLUMNS.map((name) => `t."${name}"`).join(', ')

export const pageOf = (shape: Shape): ReadStatement =>
  cached('page', shape, () => {
    const { at, id } = sortOf(shape)
    return both(
      (dialect) => `SELECT ${list} FROM ${sourceOf(shape, dialect)}
        ORDER BY ${at} DESC, ${id} DESC LIMIT :limit OFFSET :offset`,
    )
  })

// Counts no further than asked.
export const countOf = (shape: Shape): ReadStatement =>
  cached('count', shape, () =>
    both((dialect) => `SELECT count(*) AS "n" FROM (SELECT 1 FROM ${countedIn(shape, dialect)} LIMIT :most) found`),
  )

// How far back in time one must go for so many.
export const startOf = (shape: Shape): ReadStatement =>
  cached('start', shape, () => {
    const { at, id } = sortOf(shape)
    return both(
      (dialect) => `SELECT ${at} AS "at" FROM ${sourceOf(shape, dialect)}
        ORDER BY ${at} DESC, ${id} DESC LIMIT 1 OFFSET :offset`,
    )
  })

export const oldestTrace = readStatement(
  'SELECT "startedAt" AS "at" FROM "Trace" WHERE "tenantId" = :tenant ORDER BY "startedAt", "id" LIMIT 1',
)

// How many texts of the database hold the words, up to a bound: a word that is everywhere is sought another way.
export const textHits = readStatement({
  sqlite: `SELECT count(*) AS "n", :tenant AS "tenant" FROM (
    SELECT rowid FROM "TraceTextIndex" WHERE "TraceTextIndex" MATCH :match LIMIT :most) found`,
  postgresql: 'SELECT 0 AS "n", CAST(:tenant AS text) AS "tenant"',
})

const AMONG = {
  sqlite: 'IN (SELECT value FROM json_each(:ids))',
  postgresql: '= ANY(ARRAY(SELECT json_array_elements_text(CAST(:ids AS json))))',
}

export const labelsOf = both(
  (dialect) => `SELECT "traceId", "key", "value" FROM "TraceLabel"
    WHERE "tenantId" = :tenant AND "traceId" ${AMONG[dialect]} ORDER BY "traceId", "key"`,
)

// SQLite takes the other columns of a group from the row that has its greatest id.
export const newestAnnotationsOf = readStatement({
  sqlite: `SELECT "traceId", "key", "value", max("id") AS "id" FROM "TraceAnnotation"
    WHERE "tenantId" = :tenant AND "traceId" ${AMONG.sqlite} GROUP BY "traceId", "key"`,
  postgresql: `SELECT DISTINCT ON ("traceId", "key") "traceId", "key", "value", "id" FROM "TraceAnnotation"
    WHERE "tenantId" = :tenant AND "traceId" ${AMONG.postgresql} ORDER BY "traceId", "key", "id" DESC`,
})

const LONGEST = 100_000

// What is very long is not read through for a list. PostgreSQL does not read JSON in which NUL or half a surrogate pair
// is written out.
const factorsIn = {
  sqlite: (column: string) => `CASE WHEN octet_length("${column}") < ${LONGEST} AND substr("${column}", 1, 1) = '{'
      THEN json_extract("${column}", '$.risk.factors') END`,
  postgresql: (column: string) => `(CASE WHEN octet_length("${column}") < ${LONGEST} AND left("${column}", 1) = '{'
      AND "${column}" !~ '\\\\u(0000|d[89a-f])' THEN CAST("${column}" AS json) END) #>> '{risk,factors}'`,
}

// At the end more is known than at the start.
export const riskFactorsOf = both(
  (
    dialect,
  ) => `SELECT "traceId", COALESCE(${factorsIn[dialect]('outcome')}, ${factorsIn[dialect]('inputs')}) AS "factors"
    FROM "TraceContent" WHERE "tenantId" = :tenant AND "traceId" ${AMONG[dialect]}`,
)

export const textsOf = both(
  (dialect) => `SELECT "traceId", "text" FROM "TraceText" WHERE "tenantId" = :tenant AND "traceId" ${AMONG[dialect]}`,
)

// What was asked and what was answered, for an export by those who may read it.
export const contentsOf = readStatement({
  sqlite: `SELECT "traceId", CASE WHEN substr("inputs", 1, 1) = '{' THEN json_extract("inputs", '$.message') END AS "input",
      CASE WHEN substr("outcome", 1, 1) = '{' THEN json_extract("outcome", '$.message') END AS "output"
    FROM "TraceContent" WHERE "tenantId" = :tenant AND "traceId" ${AMONG.sqlite}`,
  postgresql: `SELECT "traceId", (CASE WHEN left("inputs", 1) = '{' THEN CAST("inputs" AS json) END) ->> 'message' AS "input",
      (CASE WHEN left("outcome", 1) = '{' THEN CAST("outcome" AS json) END) ->> 'message' AS "output"
    FROM "TraceContent" WHERE "tenantId" = :tenant AND "traceId" ${AMONG.postgresql}`,
})
