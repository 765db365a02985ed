import { readStatement, writeStatement } from '@/lib/core/statement'

// A snapshot that is used again is young again: cleaning up leaves young ones.
export const insertSnapshots = writeStatement('workspace.snapshots', {
  sqlite: `INSERT INTO "BundleSnapshot" ("tenantId", "hash", "workspaceId", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.hash'), json_extract(value, '$.workspace'),
      json_extract(value, '$.at')
    FROM json_each(:rows) WHERE true
    ON CONFLICT ("tenantId", "hash") DO UPDATE SET "createdAt" = excluded."createdAt"
      WHERE excluded."createdAt" > "BundleSnapshot"."createdAt"`,
  postgresql: `INSERT INTO "BundleSnapshot" ("tenantId", "hash", "workspaceId", "createdAt")
    SELECT DISTINCT ON (tenant_id, hash) tenant_id, hash, workspace, at
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, hash text, workspace text, at timestamp(3))
    ORDER BY tenant_id, hash, at DESC
    ON CONFLICT ("tenantId", "hash") DO UPDATE SET "createdAt" = excluded."createdAt"
      WHERE excluded."createdAt" > "BundleSnapshot"."createdAt"`,
})

export const insertFiles = writeStatement('workspace.snapshot-files', {
  sqlite: `INSERT INTO "BundleFile" ("tenantId", "bundleHash", "path", "bodyHash", "size")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.bundle'), json_extract(value, '$.path'),
      json_extract(value, '$.hash'), json_extract(value, '$.size')
    FROM json_each(:rows) WHERE true ON CONFLICT DO NOTHING`,
  postgresql: `INSERT INTO "BundleFile" ("tenantId", "bundleHash", "path", "bodyHash", "size")
    SELECT r.tenant_id, r.bundle, r.path, r.hash, r.size
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, bundle text, path text, hash text, size int)
    ON CONFLICT DO NOTHING`,
})

export const findSnapshots = readStatement(
  `SELECT "hash", "workspaceId" FROM "BundleSnapshot"
   WHERE "tenantId" = :tenant AND "hash" >= :first AND "hash" < :past ORDER BY "hash" LIMIT 2`,
)

export const findYoungSnapshot = readStatement({
  sqlite: `SELECT "hash" FROM "BundleSnapshot"
    WHERE "tenantId" = :tenant AND "hash" = :hash AND "createdAt" > :after`,
  postgresql: `SELECT "hash" FROM "BundleSnapshot"
    WHERE "tenantId" = :tenant AND "hash" = :hash AND "createdAt" > :after::timestamp(3)`,
})

export const findFiles = readStatement(
  `SELECT "path", "bodyHash", "size" FROM "BundleFile"
   WHERE "tenantId" = :tenant AND "bundleHash" = :hash ORDER BY "path"`,
)
