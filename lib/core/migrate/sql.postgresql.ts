/** The table in which Prisma's own tools keep the history, so that both read the same one. */
export const CREATE_LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

// Not to_regclass: after waiting for an advisory lock it still answers from a cache older than the wait.
export const HAS_LEDGER = `SELECT EXISTS (
  SELECT 1 FROM pg_catalog.pg_class WHERE relname = '_prisma_migrations' AND pg_table_is_visible(oid)) AS found`

export const READ_LEDGER = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY migration_name`

export const RECORD = `INSERT INTO "_prisma_migrations"
  (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, clock_timestamp(), $3, 1)`

// Any fixed number; it names this lock among the advisory locks of the database. Freed at the end of the transaction.
export const LOCK = 'SELECT pg_advisory_xact_lock(7236415090817234)'
