import { readStatement, writeStatement } from '@/lib/core/statement'

// Everything about one place in one look: which environment is meant, whether the workspace knows it, and its pin.
export const findPlace = readStatement(
  `SELECT n."name", p."id", p."revision", p."versionHash", p."skillPins", p."modelPin", p."providerPin", p."canary",
     CASE WHEN EXISTS (SELECT 1 FROM "WorkspaceEnvironment" k
       WHERE k."tenantId" = :tenant AND k."workspaceId" = :workspace AND k."name" = n."name") THEN 1 ELSE 0 END AS "known",
     CASE WHEN EXISTS (SELECT 1 FROM "WorkspaceEnvironment" k
       WHERE k."tenantId" = :tenant AND k."workspaceId" = :workspace) THEN 1 ELSE 0 END AS "any"
   FROM (SELECT COALESCE(CAST(:environment AS text), (SELECT d."name" FROM "WorkspaceEnvironment" d
     WHERE d."tenantId" = :tenant AND d."workspaceId" = :workspace AND d."isDefault" ORDER BY d."name" LIMIT 1),
     'default') AS "name") n
   LEFT JOIN "WorkspacePin" p ON p."tenantId" = :tenant AND p."workspaceId" = :workspace AND p."environment" = n."name"`,
)

// Whatever changes environments of a workspace does so one after another, and sees what the one before committed. On
// SQLite there is one writer anyway.
export const lockEnvironments = writeStatement('workspace.lock-environments', {
  sqlite: `SELECT 1 FROM json_each(:rows) WHERE false`,
  postgresql: `SELECT pg_advisory_xact_lock(hashtextextended('clasper.environments:' || tenant_id || ' ' || workspace, 0))::text
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, workspace text)`,
})

const PIN = ['workspaceId', 'environment', 'id', 'revision', 'versionHash', 'skillPins', 'modelPin', 'providerPin']
const PIN_COLUMNS = ['tenantId', ...PIN, 'canary', 'pinnedBy', 'pinnedById', 'pinnedAt']
const CHANGED = ['id', 'revision', 'versionHash', 'skillPins', 'modelPin', 'providerPin', 'canary', 'pinnedBy']

const names = (columns: readonly string[]): string => columns.map((name) => `"${name}"`).join(', ')

const setters = [...CHANGED, 'pinnedById', 'pinnedAt'].map((name) => `"${name}" = excluded."${name}"`).join(', ')

const fromJson = (columns: readonly string[]): string =>
  columns.map((name) => `json_extract(value, '$.${name === 'tenantId' ? 'tenant_id' : name}')`).join(', ')

const fromRecord = (columns: readonly string[]): string =>
  columns.map((name) => (name === 'tenantId' ? 'r.tenant_id' : `r."${name}"`)).join(', ')

export const putPin = writeStatement('workspace.put-pin', {
  sqlite: `INSERT INTO "WorkspacePin" (${names(PIN_COLUMNS)}) SELECT ${fromJson(PIN_COLUMNS)} FROM json_each(:rows) WHERE true
    ON CONFLICT ("tenantId", "workspaceId", "environment") DO UPDATE SET ${setters}`,
  postgresql: `INSERT INTO "WorkspacePin" (${names(PIN_COLUMNS)}) SELECT ${fromRecord(PIN_COLUMNS)}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, "workspaceId" text, "environment" text, "id" text,
      "revision" int, "versionHash" text, "skillPins" jsonb, "modelPin" text, "providerPin" text, "canary" jsonb,
      "pinnedBy" text, "pinnedById" text, "pinnedAt" timestamp(3))
    ON CONFLICT ("tenantId", "workspaceId", "environment") DO UPDATE SET ${setters}`,
})

const CHANGE_COLUMNS = [
  ...['tenantId', 'id', 'workspaceId', 'environment', 'kind', 'before', 'after', 'revision', 'promotionId'],
  ...['reason', 'changedBy', 'changedById', 'changedAt'],
]

export const insertChange = writeStatement('workspace.insert-pin-change', {
  sqlite: `INSERT INTO "PinChange" (${names(CHANGE_COLUMNS)}) SELECT ${fromJson(CHANGE_COLUMNS)} FROM json_each(:rows)`,
  postgresql: `INSERT INTO "PinChange" (${names(CHANGE_COLUMNS)}) SELECT ${fromRecord(CHANGE_COLUMNS)}
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, "id" text, "workspaceId" text, "environment" text,
      "kind" text, "before" jsonb, "after" jsonb, "revision" int, "promotionId" text, "reason" text,
      "changedBy" text, "changedById" text, "changedAt" timestamp(3))`,
})

// A backend that serves all its tenants may be the first to name one, and a workspace belongs to one that has a row.
export const insertTenant = writeStatement('workspace.insert-tenant', {
  sqlite: `INSERT INTO "Tenant" ("id", "name", "createdAt") SELECT json_extract(value, '$.tenant_id'),
      json_extract(value, '$.tenant_id'), json_extract(value, '$.at') FROM json_each(:rows) WHERE true
    ON CONFLICT ("id") DO NOTHING`,
  postgresql: `INSERT INTO "Tenant" ("id", "name", "createdAt") SELECT r.tenant_id, r.tenant_id, r.at
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, at timestamp(3)) ON CONFLICT ("id") DO NOTHING`,
})

export const insertWorkspace = writeStatement('workspace.insert-workspace', {
  sqlite: `INSERT INTO "Workspace" ("tenantId", "id", "name", "createdAt") SELECT json_extract(value, '$.tenant_id'),
      json_extract(value, '$.workspace'), json_extract(value, '$.workspace'), json_extract(value, '$.at')
    FROM json_each(:rows) WHERE true ON CONFLICT ("tenantId", "id") DO NOTHING`,
  postgresql: `INSERT INTO "Workspace" ("tenantId", "id", "name", "createdAt") SELECT r.tenant_id, r.workspace, r.workspace, r.at
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, workspace text, at timestamp(3))
    ON CONFLICT ("tenantId", "id") DO NOTHING`,
})
