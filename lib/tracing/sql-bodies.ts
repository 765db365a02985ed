import { readStatement, writeStatement } from '@/lib/core/statement'

// A body that is used again is young again: cleaning up leaves young bodies, whose traces may not be committed yet.
export const insertBodies = writeStatement('tracing.bodies', {
  sqlite: `INSERT INTO "Body" ("tenantId", "hash", "size", "codec", "bytes", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.hash'), json_extract(value, '$.size'),
      json_extract(value, '$.codec'), unhex(json_extract(value, '$.hex')), json_extract(value, '$.at')
    FROM json_each(:rows) WHERE true
    ON CONFLICT ("tenantId", "hash") DO UPDATE SET "createdAt" = excluded."createdAt"
      WHERE excluded."createdAt" > "Body"."createdAt"`,
  postgresql: `INSERT INTO "Body" ("tenantId", "hash", "size", "codec", "bytes", "createdAt")
    SELECT DISTINCT ON (tenant_id, hash) tenant_id, hash, size, codec, decode(hex, 'hex'), at
    FROM json_to_recordset(:rows::json)
      AS r(tenant_id text, hash text, size int, codec text, hex text, at timestamp(3))
    ORDER BY tenant_id, hash, at DESC
    ON CONFLICT ("tenantId", "hash") DO UPDATE SET "createdAt" = excluded."createdAt"
      WHERE excluded."createdAt" > "Body"."createdAt"`,
})

export const linkBodies = writeStatement('tracing.body-links', {
  sqlite: `INSERT INTO "TraceBody" ("tenantId", "traceId", "hash")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.trace'), json_extract(value, '$.hash')
    FROM json_each(:rows) WHERE true ON CONFLICT DO NOTHING`,
  postgresql: `INSERT INTO "TraceBody" ("tenantId", "traceId", "hash")
    SELECT r.tenant_id, r.trace, r.hash FROM json_to_recordset(:rows::json) AS r(tenant_id text, trace text, hash text)
    ON CONFLICT DO NOTHING`,
})

export const findBodies = readStatement({
  sqlite: `SELECT "hash", "codec", hex("bytes") AS "hex" FROM "Body"
    WHERE "tenantId" = :tenant AND "hash" IN (SELECT value FROM json_each(:hashes))`,
  postgresql: `SELECT "hash", "codec", encode("bytes", 'hex') AS "hex" FROM "Body"
    WHERE "tenantId" = :tenant AND "hash" IN (SELECT json_array_elements_text(:hashes::json))`,
})
