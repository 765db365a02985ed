import { readStatement, writeStatement } from '@/lib/core/statement'

// Whoever saves a version of a workspace does so after the one before has committed. On SQLite there is one writer anyway.
export const lockVersions = writeStatement('workspace.lock-versions', {
  sqlite: `SELECT 1 FROM json_each(:rows) WHERE false`,
  postgresql: `SELECT pg_advisory_xact_lock(hashtextextended('clasper.versions:' || tenant_id || ' ' || workspace, 0))::text
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, workspace text)`,
})

const NAMES = `"tenantId", "workspaceId", "hash", "source", "message", "parentHash", "fileCount", "size", "warnings",
  "createdBy", "createdById", "createdAt"`

const headOf = (tenant: string, workspace: string, column: string): string =>
  `(SELECT h."${column}" FROM "WorkspaceVersion" h WHERE h."tenantId" = ${tenant} AND h."workspaceId" = ${workspace}
    ORDER BY h."createdAt" DESC, h."hash" LIMIT 1)`

// Only what is kept byte by byte becomes a version.
const isExact = (tenant: string, hash: string): string =>
  `EXISTS (SELECT 1 FROM "BundleSnapshot" s WHERE s."tenantId" = ${tenant} AND s."hash" = ${hash})
    AND NOT EXISTS (SELECT 1 FROM "BundleFile" f
      WHERE f."tenantId" = ${tenant} AND f."bundleHash" = ${hash} AND f."contentHash" IS NULL)`

const of = (name: string): string => `json_extract(value, '$.${name}')`
const LATEST = headOf(of('tenant_id'), of('workspace'), 'createdAt')
const latest = headOf('r.tenant_id', 'r.workspace', 'createdAt')

// A version is later than the one it follows, whatever the clock says.
export const insertMet = writeStatement('workspace.met-versions', {
  sqlite: `INSERT INTO "WorkspaceVersion" (${NAMES})
    SELECT ${of('tenant_id')}, ${of('workspace')}, ${of('hash')}, 'run', NULL,
      ${headOf(of('tenant_id'), of('workspace'), 'hash')}, ${of('files')}, ${of('size')}, ${of('warnings')}, ${of('by')},
      ${of('by_id')}, CASE WHEN ${LATEST} >= ${of('at')}
        THEN strftime('%Y-%m-%dT%H:%M:%f+00:00', ${LATEST}, '+0.001 seconds') ELSE ${of('at')} END
    FROM json_each(:rows) WHERE ${isExact(of('tenant_id'), of('hash'))} ON CONFLICT DO NOTHING RETURNING "hash"`,
  postgresql: `INSERT INTO "WorkspaceVersion" (${NAMES})
    SELECT r.tenant_id, r.workspace, r.hash, 'run', NULL, ${headOf('r.tenant_id', 'r.workspace', 'hash')}, r.files,
      r.size, r.warnings, r.by, r.by_id,
      CASE WHEN ${latest} >= r.at THEN ${latest} + interval '1 millisecond' ELSE r.at END
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, workspace text, hash text, files int, size int,
      warnings jsonb, by text, by_id text, at timestamp(3))
    WHERE ${isExact('r.tenant_id', 'r.hash')} ON CONFLICT DO NOTHING RETURNING "hash"`,
})

export const countInexact = readStatement(
  `SELECT COUNT(*) AS "n" FROM "BundleFile" WHERE "tenantId" = :tenant AND "bundleHash" = :hash AND "contentHash" IS NULL`,
)
