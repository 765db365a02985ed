import { randomUUID } from 'node:crypto'
import { openSqlite, type SqliteHandle } from '../sqlite/open'
import type { Migration } from './history'
import { type Applied, MigrationError, pendingOf } from './pending'
import { CREATE_LEDGER, HAS_LEDGER, READ_LEDGER, RECORD } from './sql.sqlite'

const WAIT_FOR_OTHERS_MS = 60_000

type LedgerRow = { name: string; checksum: string; finished: number }

export const readSqliteLedger = (db: SqliteHandle): Applied[] => {
  if (db.prepare(HAS_LEDGER).all().length === 0) return []
  const rows = db.prepare(READ_LEDGER).all() as LedgerRow[]
  return rows.map((row) => ({ name: row.name, checksum: row.checksum, finished: row.finished === 1 }))
}

const run = (db: SqliteHandle, { name, sql, checksum }: Migration) => {
  try {
    db.exec(sql)
  } catch (cause) {
    throw new MigrationError(`${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  db.prepare(RECORD).run(randomUUID(), checksum, name)
}

const refuseOrphans = (db: SqliteHandle) => {
  const orphans = db.prepare('PRAGMA foreign_key_check').all()
  if (orphans.length > 0) throw new MigrationError(`Migrating would leave ${orphans.length} rows without their parent`)
}

// BEGIN IMMEDIATE is the lock: the kernel frees it if this process dies, and one transaction for all pending
// migrations leaves the old database whole if any of them fails.
const applyUnderLock = (db: SqliteHandle, known: readonly Migration[]) => {
  db.exec('BEGIN IMMEDIATE')
  try {
    const pending = pendingOf(known, readSqliteLedger(db))
    db.exec(CREATE_LEDGER)
    for (const migration of pending) run(db, migration)
    refuseOrphans(db)
    db.exec('COMMIT')
    return pending.map(({ name }) => name)
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

export const migrateSqlite = (path: string, known: readonly Migration[]): string[] => {
  const db = openSqlite(path, { mode: 'write', busyTimeoutMs: WAIT_FOR_OTHERS_MS })
  try {
    if (pendingOf(known, readSqliteLedger(db)).length === 0) return []
    // Rebuilding a table drops the old one, which would cascade; it can be switched only outside a transaction.
    db.exec('PRAGMA foreign_keys = OFF')
    return applyUnderLock(db, known)
  } finally {
    db.close()
  }
}
