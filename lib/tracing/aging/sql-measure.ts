import { readStatement, writeStatement } from '@/lib/core/statement'
import { joinTraces } from './sql-build'

const sizes = (alias: string, columns: readonly string[]): string =>
  columns.map((column) => `COALESCE(octet_length(${alias}."${column}"), 0)`).join(' + ')

const sumOf = (table: string, columns: readonly string[]): string =>
  `COALESCE((SELECT SUM(${sizes('x', columns)}) FROM "${table}" x
    WHERE x."tenantId" = t."tenantId" AND x."traceId" = t."id"), 0)`

const OWN = ['id', 'executionId', 'name', 'actor', 'sessionKey', 'correlationId', 'error', 'skillVersions'] as const

const PAYLOADS = [
  sumOf('TraceContent', ['inputs', 'outcome']),
  sumOf('TraceStep', ['data']),
  sumOf('TraceSpan', ['statusMessage', 'facts', 'content']),
  sumOf('SpanEvent', ['name', 'content']),
  sumOf('TraceText', ['text']),
  sumOf('WebhookDelivery', ['body', 'sealed']),
].join('\n + ')

// The bytes of every text that is stored for a trace alone. Bodies are shared and counted where they go.
const BYTES = [
  `(${sizes('t', OWN)})`,
  sumOf('TraceContent', ['inputs', 'outcome']),
  sumOf('TraceStep', ['stepId', 'data', 'prevStepHash', 'stepHash']),
  sumOf('TraceSpan', ['name', 'statusMessage', 'facts', 'content', 'flags']),
  sumOf('SpanEvent', ['name', 'content']),
  sumOf('TraceText', ['text']),
  sumOf('TraceLabel', ['key', 'value']),
  sumOf('TraceAnnotation', ['key', 'value']),
  sumOf('WebhookDelivery', ['body', 'sealed']),
].join('\n + ')

// Somebody else's trace that never says that it ended is over a day after its lease.
const over = (stale: string): string =>
  `(t."status" NOT IN ('running', 'paused') OR (t."origin" <> 'run' AND t."leaseUntil" < ${stale}))`

const SETTLED = `t."delivery" <> 'pending' AND NOT EXISTS (SELECT 1 FROM "WebhookDelivery" w
  WHERE w."tenantId" = t."tenantId" AND w."traceId" = t."id" AND w."state" = 'queued')`

const at = (name: string) => ({ sqlite: `:${name}`, postgresql: `CAST(:${name} AS timestamp(3))` })

const LEFT = `(t."storage" <> 'full' AND (
    EXISTS (SELECT 1 FROM "TraceText" x WHERE x."tenantId" = t."tenantId" AND x."traceId" = t."id")
    OR EXISTS (SELECT 1 FROM "TraceBody" x WHERE x."tenantId" = t."tenantId" AND x."traceId" = t."id")
    OR EXISTS (SELECT 1 FROM "SpanEvent" x WHERE x."tenantId" = t."tenantId" AND x."traceId" = t."id")))`

const flag = (condition: string): string => `CASE WHEN ${condition} THEN 1 ELSE 0 END`

const pageOf = (dialect: 'sqlite' | 'postgresql', user: boolean): string => {
  const time = (name: string) => at(name)[dialect]
  return `SELECT t."id", t."startedAt", t."completedAt", t."status", t."storage", t."stepCount", t."spanCount",
      COALESCE((SELECT octet_length(x."text") FROM "TraceText" x
        WHERE x."tenantId" = t."tenantId" AND x."traceId" = t."id"), 0) AS "textBytes",
      ${flag(over(time('stale')))} AS "isOver", ${flag(SETTLED)} AS "isSettled", ${flag(LEFT)} AS "hasLeft"
    FROM "Trace" t WHERE t."tenantId" = :tenant ${user ? 'AND t."userId" IN (:user, :user_name)' : ''}
      AND (t."startedAt", t."id") > (${time('after')}, :after_id) AND t."startedAt" < ${time('until')}
    ORDER BY t."startedAt", t."id" LIMIT :most`
}

const page = (user: boolean) =>
  readStatement({ sqlite: pageOf('sqlite', user), postgresql: pageOf('postgresql', user) })

// In the order of their start, a page at a time, however many there are.
export const agedPage = page(false)
export const agedPageOfUser = page(true)

export const countOlder = readStatement({
  sqlite: `SELECT COUNT(*) AS "n" FROM "Trace" t WHERE t."tenantId" = :tenant AND t."startedAt" < :until
    AND ${over(':stale')}`,
  postgresql: `SELECT COUNT(*) AS "n" FROM "Trace" t WHERE t."tenantId" = :tenant
    AND t."startedAt" < ${at('until').postgresql} AND ${over(at('stale').postgresql)}`,
})

export const oldestTrace = readStatement('SELECT MIN("startedAt") AS "at" FROM "Trace" WHERE "tenantId" = :tenant')

// SQLite takes a cross join in the order in which it stands: a few ids first, and never all traces of the tenant.
export const measure = readStatement({
  sqlite: `SELECT ${BYTES} AS "bytes", ${PAYLOADS} AS "payloads" FROM json_each(:ids) AS r
    CROSS JOIN "Trace" t ON t."tenantId" = :tenant AND t."id" = r.value`,
  postgresql: `SELECT ${BYTES} AS "bytes", ${PAYLOADS} AS "payloads"
    FROM json_array_elements_text(:ids::json) AS r(id) JOIN "Trace" t ON t."tenantId" = :tenant AND t."id" = r.id`,
})

// What may still be taken, held until the transaction ends, so that nothing of it can begin to move meanwhile.
export const claim = writeStatement('tracing.claim', {
  sqlite: `SELECT t."id", ${BYTES} AS "bytes" FROM ${joinTraces.sqlite}
    WHERE ${over(`json_extract(r.value, '$.stale')`)} AND ${SETTLED}
      AND (json_extract(r.value, '$.user') IS NULL
        OR t."userId" IN (json_extract(r.value, '$.user'), json_extract(r.value, '$.user_name')))`,
  postgresql: `SELECT t."id", ${BYTES} AS "bytes"
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text, stale timestamp(3), "user" text, user_name text)
    JOIN "Trace" t ON t."tenantId" = r.tenant_id AND t."id" = r.id
    WHERE ${over('r.stale')} AND ${SETTLED} AND (r."user" IS NULL OR t."userId" IN (r."user", r.user_name))
    ORDER BY t."id" FOR UPDATE OF t`,
})

export const measureAgain = writeStatement('tracing.measure', {
  sqlite: `SELECT ${BYTES} AS "bytes" FROM ${joinTraces.sqlite}`,
  postgresql: `SELECT ${BYTES} AS "bytes" FROM ${joinTraces.postgresql}`,
})

// How often each body is held by these traces and by all, and what it weighs where nothing else needs it.
export const bodyShares = readStatement({
  sqlite: `SELECT b."hash", octet_length(b."bytes") AS "bytes", s."here", (SELECT COUNT(*) FROM "TraceBody" x
      WHERE x."tenantId" = :tenant AND x."hash" = b."hash") AS "all"
    FROM (SELECT y."hash", COUNT(*) AS "here" FROM json_each(:ids) AS r
      CROSS JOIN "TraceBody" y ON y."tenantId" = :tenant AND y."traceId" = r.value GROUP BY y."hash") s
    CROSS JOIN "Body" b ON b."tenantId" = :tenant AND b."hash" = s."hash"
    WHERE b."createdAt" < :before AND NOT EXISTS (SELECT 1 FROM "BundleFile" f
      WHERE f."tenantId" = :tenant AND f."bodyHash" = b."hash")`,
  postgresql: `SELECT b."hash", octet_length(b."bytes") AS "bytes", s."here", (SELECT COUNT(*) FROM "TraceBody" x
      WHERE x."tenantId" = :tenant AND x."hash" = b."hash") AS "all"
    FROM (SELECT y."hash", COUNT(*) AS "here" FROM json_array_elements_text(:ids::json) AS r(id)
      JOIN "TraceBody" y ON y."tenantId" = :tenant AND y."traceId" = r.id GROUP BY y."hash") s
    JOIN "Body" b ON b."tenantId" = :tenant AND b."hash" = s."hash"
    WHERE b."createdAt" < ${at('before').postgresql} AND NOT EXISTS (SELECT 1 FROM "BundleFile" f
      WHERE f."tenantId" = :tenant AND f."bodyHash" = b."hash")`,
})
