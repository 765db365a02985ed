import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Migration } from './history'
import { type Applied, MigrationError, pendingOf } from './pending'
import { CREATE_LEDGER, HAS_LEDGER, LOCK, READ_LEDGER, RECORD } from './sql.postgresql'

const WAIT_FOR_OTHERS = '60s'

const readPostgresLedger = async (db: pg.ClientBase): Promise<Applied[]> => {
  const { rows } = await db.query<{ found: boolean }>(HAS_LEDGER)
  if (rows[0]?.found !== true) return []
  return (await db.query<Applied>(READ_LEDGER)).rows
}

const run = async (db: pg.ClientBase, { name, sql, checksum }: Migration) => {
  try {
    await db.query(sql)
  } catch (cause) {
    throw new MigrationError(`${name} failed: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  await db.query(RECORD, [randomUUID(), checksum, name])
}

const applyUnderLock = async (db: pg.ClientBase, known: readonly Migration[]) => {
  await db.query('BEGIN')
  try {
    await db.query(`SET LOCAL lock_timeout = '${WAIT_FOR_OTHERS}'; SET LOCAL statement_timeout = 0`)
    await db.query(LOCK)
    const pending = pendingOf(known, await readPostgresLedger(db))
    await db.query(CREATE_LEDGER)
    for (const migration of pending) await run(db, migration)
    await db.query('COMMIT')
    return pending.map(({ name }) => name)
  } catch (error) {
    await db.query('ROLLBACK')
    throw error
  }
}

export const migratePostgres = async (url: string, known: readonly Migration[]): Promise<string[]> => {
  const db = new pg.Client({ connectionString: url, application_name: 'clasper-migrate' })
  await db.connect()
  try {
    if (pendingOf(known, await readPostgresLedger(db)).length === 0) return []
    return await applyUnderLock(db, known)
  } finally {
    await db.end()
  }
}
