/** The table in which Prisma's own tools keep the history, so that both read the same one. */
export const CREATE_LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL,
  "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL,
  "logs" TEXT,
  "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

export const HAS_LEDGER = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`

export const READ_LEDGER = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY migration_name`

export const RECORD = `INSERT INTO "_prisma_migrations"
  (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
  VALUES (?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER), ?, CAST(unixepoch('subsec') * 1000 AS INTEGER), 1)`
