import { writeStatement } from '@/lib/core/statement'

const TENANT_COLUMNS = '"Tenant" ("id", "name", "createdAt", "createdBy")'

// Returns the row only to the one that made it.
export const CREATE_TENANT = writeStatement('create_tenant', {
  sqlite: `INSERT INTO ${TENANT_COLUMNS} SELECT json_extract(value, '$.id'), json_extract(value, '$.id'),
      replace(json_extract(value, '$.at'), 'Z', '+00:00'), json_extract(value, '$.by') FROM json_each(:rows) WHERE true
    ON CONFLICT ("id") DO NOTHING RETURNING "id"`,
  postgresql: `INSERT INTO ${TENANT_COLUMNS} SELECT r.id, r.id, r.at, r.by
      FROM jsonb_to_recordset(:rows::jsonb) AS r(id text, at timestamp(3), by text)
    ON CONFLICT ("id") DO NOTHING RETURNING "id"`,
})

// A name that was written under belongs to somebody, row or not. On PostgreSQL the head itself is taken, so that
// whoever commits first has it: a look alone would miss the writer who commits a moment later.
export const CLAIM_TENANT = writeStatement('claim_tenant', {
  sqlite: `INSERT INTO ${TENANT_COLUMNS} SELECT json_extract(value, '$.id'), json_extract(value, '$.id'),
      replace(json_extract(value, '$.at'), 'Z', '+00:00'), json_extract(value, '$.by') FROM json_each(:rows)
      WHERE NOT EXISTS (SELECT 1 FROM "AuditHead" h WHERE h."tenantId" = json_extract(value, '$.id'))
    ON CONFLICT ("id") DO NOTHING RETURNING "id"`,
  postgresql: `WITH wished AS (SELECT * FROM jsonb_to_recordset(:rows::jsonb) AS r(id text, at timestamp(3), by text)),
    head AS (INSERT INTO "AuditHead" ("tenantId", "updatedAt") SELECT id, at FROM wished
      ON CONFLICT ("tenantId") DO NOTHING RETURNING "tenantId")
    INSERT INTO ${TENANT_COLUMNS} SELECT w.id, w.id, w.at, w.by FROM wished w JOIN head ON head."tenantId" = w.id
    ON CONFLICT ("id") DO NOTHING RETURNING "id"`,
})

// Written in the transaction that takes something away; every instance watches the number.
export const BUMP_REVOCATION = writeStatement('bump_revocation', {
  sqlite: `INSERT INTO "Counter" ("name", "value") SELECT 'revocation', 1 FROM json_each(:rows) WHERE true
    ON CONFLICT ("name") DO UPDATE SET "value" = "value" + 1 RETURNING "value"`,
  postgresql: `INSERT INTO "Counter" ("name", "value") SELECT 'revocation', 1 FROM jsonb_array_elements(:rows::jsonb)
    ON CONFLICT ("name") DO UPDATE SET "value" = "Counter"."value" + 1 RETURNING "value"`,
})
