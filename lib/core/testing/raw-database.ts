import pg from 'pg'
import { INBOX_INSERT_SQL, inboxOf } from '../audit/append-postgresql'
import { appendPrepared } from '../audit/append-sqlite'
import { type AuditDraft, type Prepared, prepareDrafts } from '../audit/draft'
import { targetOf } from '../migrate/target'
import { openSqlite } from '../sqlite/open'
import type { TestDatabase } from './database'

type Rows = Record<string, unknown>[]

/** What somebody with the database in hand can do, behind the product's back. */
export type RawDatabase = {
  exec(sql: string): Promise<void>
  rows(sql: string): Promise<Rows>
  append(tenantId: string, rows: readonly Prepared[], now: Date): Promise<void>
  close(): Promise<void>
}

const openRawSqlite = (path: string): RawDatabase => {
  const db = openSqlite(path, { mode: 'write' })
  return {
    exec: async (sql) => void db.exec(sql),
    rows: async (sql) => db.prepare(sql).all() as Rows,
    append: async (tenantId, rows, now) => void db.transaction(() => appendPrepared(db, tenantId, rows, now))(),
    close: async () => void db.close(),
  }
}

const openRawPostgresql = (url: string): RawDatabase => {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  pool.on('error', () => undefined)
  return {
    exec: async (sql) => void (await pool.query(sql)),
    rows: async (sql) => (await pool.query(sql)).rows as Rows,
    append: async (tenantId, rows, now) => void (await pool.query(INBOX_INSERT_SQL, [inboxOf(tenantId, rows, now)])),
    close: () => pool.end(),
  }
}

export const openRaw = ({ url }: TestDatabase): RawDatabase => {
  const target = targetOf(url)
  return target.dialect === 'sqlite' ? openRawSqlite(target.path) : openRawPostgresql(target.url)
}

export const appendDrafts = (raw: RawDatabase, tenantId: string, drafts: readonly AuditDraft[], now: Date) =>
  raw.append(tenantId, prepareDrafts(tenantId, drafts, now), now)
