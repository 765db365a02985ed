export const COPY_TO = 'VACUUM INTO ?'

export const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`

export const countRows = (table: string) => `SELECT COUNT(*) AS rows FROM "${table.replaceAll('"', '""')}"`

export const HEADS = `SELECT h."tenantId" AS tenantId, h."size" AS size, h."headHash" AS headHash,
    (SELECT COUNT(*) FROM "AuditEntry" e WHERE e."tenantId" = h."tenantId") AS entries,
    (SELECT e."eventHash" FROM "AuditEntry" e WHERE e."tenantId" = h."tenantId" AND e."seq" = h."size") AS lastHash
  FROM "AuditHead" h ORDER BY h."tenantId"`

export const HEADLESS = `SELECT DISTINCT "tenantId" AS tenantId FROM "AuditEntry"
  WHERE "tenantId" NOT IN (SELECT "tenantId" FROM "AuditHead")`

export const BROKEN_LINKS = `SELECT e."tenantId" AS tenantId, e."seq" AS seq FROM "AuditEntry" e
  LEFT JOIN "AuditEntry" p ON p."tenantId" = e."tenantId" AND p."seq" = e."seq" - 1
  WHERE e."prevEventHash" IS NOT p."eventHash" LIMIT 10`

export const HASH_AT = 'SELECT "eventHash" AS hash FROM "AuditEntry" WHERE "tenantId" = ? AND "seq" = ?'

export const END_SESSIONS = `UPDATE "OpsSession" SET "revokedAt" = ?, "revokeReason" = 'restored' WHERE "revokedAt" IS NULL`

export const HAS_SESSIONS = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'OpsSession'`

// Leaving WAL needs the file alone: it fails while any other connection to it is open, in any process.
export const TAKE_ALONE = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE'
export const LET_GO = 'ROLLBACK; PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_master'
export const SINGLE_FILE = 'PRAGMA journal_mode = DELETE'
