import { readStatement, writeStatement } from '@/lib/core/statement'
import { deleteOf } from './sql-build'
import { dropAnnotationItems, EMPTY_DERIVED } from './sql-derived'

// What hangs on a trace goes before it; events of spans know no trace that could take them along.
export const DELETE_PARTS = [
  deleteOf({ name: 'tracing.drop-events', table: 'SpanEvent' }),
  deleteOf({ name: 'tracing.drop-text', table: 'TraceText' }),
  deleteOf({ name: 'tracing.drop-content', table: 'TraceContent' }),
  deleteOf({ name: 'tracing.drop-steps', table: 'TraceStep' }),
  deleteOf({ name: 'tracing.drop-spans', table: 'TraceSpan' }),
  deleteOf({ name: 'tracing.drop-labels', table: 'TraceLabel' }),
  deleteOf({ name: 'tracing.drop-annotations', table: 'TraceAnnotation' }),
  ...EMPTY_DERIVED,
  dropAnnotationItems,
] as const

export const unlinkBodies = deleteOf({ name: 'tracing.drop-links', table: 'TraceBody', returning: '"hash"' })

export const deleteTraceRows = deleteOf({
  name: 'tracing.drop-traces',
  table: 'Trace',
  column: 'id',
  returning: '"id"',
})

// Held answers of calls that may be repeated: they carry what the trace carried.
export const dropReplies = deleteOf({ name: 'tracing.drop-replies', table: 'IdempotencyKey' })

const isFree = (table: string): string => `NOT EXISTS (SELECT 1 FROM "TraceBody" x
    WHERE x."tenantId" = "${table}"."tenantId" AND x."hash" = "${table}"."hash")
  AND NOT EXISTS (SELECT 1 FROM "BundleFile" f
    WHERE f."tenantId" = "${table}"."tenantId" AND f."bodyHash" = "${table}"."hash")`

// A young body may be named by a transaction that is under way, so it stays until it is older.
export const dropBodies = writeStatement('tracing.drop-bodies', {
  sqlite: `DELETE FROM "Body"
    WHERE ("tenantId", "hash") IN (SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.hash')
        FROM json_each(:rows))
      AND "createdAt" < (SELECT json_extract(value, '$.before') FROM json_each(:rows) LIMIT 1) AND ${isFree('Body')}
    RETURNING octet_length("bytes") AS "bytes"`,
  postgresql: `DELETE FROM "Body" USING json_to_recordset(:rows::json) AS r(tenant_id text, hash text, before timestamp(3))
    WHERE "Body"."tenantId" = r.tenant_id AND "Body"."hash" = r.hash AND "Body"."createdAt" < r.before
      AND ${isFree('Body')}
    RETURNING octet_length("bytes") AS "bytes"`,
})

// Those that nothing holds any more and that were too young to go.
export const countFree = writeStatement('tracing.free-bodies', {
  sqlite: `SELECT COUNT(*) AS "n" FROM json_each(:rows) AS r CROSS JOIN "Body"
    ON "Body"."tenantId" = json_extract(r.value, '$.tenant_id') AND "Body"."hash" = json_extract(r.value, '$.hash')
    WHERE ${isFree('Body')}`,
  postgresql: `SELECT COUNT(*) AS "n" FROM json_to_recordset(:rows::json) AS r(tenant_id text, hash text)
    JOIN "Body" ON "Body"."tenantId" = r.tenant_id AND "Body"."hash" = r.hash WHERE ${isFree('Body')}`,
})

export const bodyPage = readStatement(`SELECT "Body"."hash", CASE WHEN ${isFree('Body')} THEN 1 ELSE 0 END AS "isFree"
  FROM "Body" WHERE "Body"."tenantId" = :tenant AND "Body"."hash" > :after ORDER BY "Body"."hash" LIMIT :most`)

const noRun = `NOT EXISTS (SELECT 1 FROM "Trace" t
  WHERE t."tenantId" = "BundleSnapshot"."tenantId" AND t."workspaceHash" = "BundleSnapshot"."hash")`

const HASH = '"BundleSnapshot"."hash"'

// A version keeps its files for as long as it is one, and what was ever pinned can be rolled back to.
const kept = (versionIn: (name: string) => string): string => `NOT EXISTS (SELECT 1 FROM "WorkspaceVersion" v
    WHERE v."tenantId" = "BundleSnapshot"."tenantId" AND v."hash" = ${HASH})
  AND NOT EXISTS (SELECT 1 FROM "WorkspacePin" p
    WHERE p."tenantId" = "BundleSnapshot"."tenantId" AND p."versionHash" = ${HASH})
  AND NOT EXISTS (SELECT 1 FROM "PinChange" c WHERE c."tenantId" = "BundleSnapshot"."tenantId"
    AND (${versionIn('version_hash')} = ${HASH} OR ${versionIn('canary.version_hash')} = ${HASH}))`

const isUnused = {
  sqlite: `${noRun} AND ${kept((name) => `json_extract(c."after", '$.${name}')`)}`,
  postgresql: `${noRun} AND ${kept((name) => `(c."after" #>> '{${name.replace('.', ',')}}')`)}`,
}

export const unusedSnapshots = readStatement({
  sqlite: `SELECT "hash" FROM "BundleSnapshot" WHERE "tenantId" = :tenant AND "createdAt" < :before AND ${isUnused.sqlite}
    ORDER BY "hash" LIMIT :most`,
  postgresql: `SELECT "hash" FROM "BundleSnapshot" WHERE "tenantId" = :tenant
    AND "createdAt" < CAST(:before AS timestamp(3)) AND ${isUnused.postgresql} ORDER BY "hash" LIMIT :most`,
})

export const filesOfSnapshots = writeStatement('tracing.snapshot-files', {
  sqlite: `SELECT DISTINCT f."bodyHash" AS "hash" FROM json_each(:rows) AS r CROSS JOIN "BundleFile" f
    ON f."tenantId" = json_extract(r.value, '$.tenant_id') AND f."bundleHash" = json_extract(r.value, '$.id')`,
  postgresql: `SELECT DISTINCT f."bodyHash" AS "hash" FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text)
    JOIN "BundleFile" f ON f."tenantId" = r.tenant_id AND f."bundleHash" = r.id`,
})

export const dropSnapshots = writeStatement('tracing.drop-snapshots', {
  sqlite: `DELETE FROM "BundleSnapshot"
    WHERE ("tenantId", "hash") IN (SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id')
        FROM json_each(:rows))
      AND "createdAt" < (SELECT json_extract(value, '$.before') FROM json_each(:rows) LIMIT 1) AND ${isUnused.sqlite}
    RETURNING "hash"`,
  postgresql: `DELETE FROM "BundleSnapshot"
    USING json_to_recordset(:rows::json) AS r(tenant_id text, id text, before timestamp(3))
    WHERE "BundleSnapshot"."tenantId" = r.tenant_id AND "BundleSnapshot"."hash" = r.id
      AND "BundleSnapshot"."createdAt" < r.before AND ${isUnused.postgresql}
    RETURNING "BundleSnapshot"."hash"`,
})

// Events that came for a span whose trace never came, or is gone.
export const looseEvents = readStatement({
  sqlite: `SELECT DISTINCT e."traceId" AS "id" FROM "SpanEvent" e WHERE e."tenantId" = :tenant
    AND e."receivedAt" < :until AND NOT EXISTS (SELECT 1 FROM "Trace" t
      WHERE t."tenantId" = e."tenantId" AND t."id" = e."traceId") LIMIT :most`,
  postgresql: `SELECT DISTINCT e."traceId" AS "id" FROM "SpanEvent" e WHERE e."tenantId" = :tenant
    AND e."receivedAt" < CAST(:until AS timestamp(3)) AND NOT EXISTS (SELECT 1 FROM "Trace" t
      WHERE t."tenantId" = e."tenantId" AND t."id" = e."traceId") LIMIT :most`,
})

export const dropLooseEvents = writeStatement('tracing.drop-loose-events', {
  sqlite: `DELETE FROM "SpanEvent"
    WHERE ("tenantId", "traceId") IN (SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.id')
        FROM json_each(:rows))
      AND NOT EXISTS (SELECT 1 FROM "Trace" t
        WHERE t."tenantId" = "SpanEvent"."tenantId" AND t."id" = "SpanEvent"."traceId")
    RETURNING octet_length("content") + octet_length("name") AS "bytes"`,
  postgresql: `DELETE FROM "SpanEvent"
    WHERE ("tenantId", "traceId") IN (SELECT tenant_id, id
        FROM json_to_recordset(:rows::json) AS r(tenant_id text, id text))
      AND NOT EXISTS (SELECT 1 FROM "Trace" t
        WHERE t."tenantId" = "SpanEvent"."tenantId" AND t."id" = "SpanEvent"."traceId")
    RETURNING octet_length("content") + octet_length("name") AS "bytes"`,
})
