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

// What was kept of a run alone, or in part, is made whole by whoever has it whole.
const MEND = `ON CONFLICT ("tenantId", "bundleHash", "path") DO UPDATE SET "bodyHash" = excluded."bodyHash",
      "contentHash" = excluded."contentHash", "encoding" = excluded."encoding",
      "isExecutable" = excluded."isExecutable", "size" = excluded."size"
      WHERE "BundleFile"."contentHash" IS NULL AND excluded."contentHash" IS NOT NULL`

export const insertFiles = writeStatement('workspace.snapshot-files', {
  sqlite: `INSERT INTO "BundleFile"
      ("tenantId", "bundleHash", "path", "bodyHash", "size", "contentHash", "encoding", "isExecutable")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.bundle'), json_extract(value, '$.path'),
      json_extract(value, '$.hash'), json_extract(value, '$.size'), json_extract(value, '$.content'),
      json_extract(value, '$.encoding'), json_extract(value, '$.is_executable')
    FROM json_each(:rows) WHERE true ${MEND}`,
  postgresql: `INSERT INTO "BundleFile"
      ("tenantId", "bundleHash", "path", "bodyHash", "size", "contentHash", "encoding", "isExecutable")
    SELECT DISTINCT ON (r.tenant_id, r.bundle, r.path) r.tenant_id, r.bundle, r.path, r.hash, r.size, r.content,
      r.encoding, r.is_executable = 1
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, bundle text, path text, hash text, size int, content text,
      encoding text, is_executable int)
    ORDER BY r.tenant_id, r.bundle, r.path, r.content NULLS LAST ${MEND}`,
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
  `SELECT "path", "bodyHash", "size", "contentHash", "encoding", CASE WHEN "isExecutable" THEN 1 ELSE 0 END AS "runs"
   FROM "BundleFile" WHERE "tenantId" = :tenant AND "bundleHash" = :hash ORDER BY "path"`,
)
