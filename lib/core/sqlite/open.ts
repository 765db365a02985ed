import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'

export type SqliteHandle = Database.Database
type SqliteMode = 'write' | 'read'
export type SqliteOptions = { mode: SqliteMode; busyTimeoutMs?: number }

const MEMORY = ':memory:'

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith(code)

// The busy handler does not cover the switch to WAL: two processes opening a new file at once must ask again.
const enterWal = (db: SqliteHandle, deadline: number): void => {
  try {
    const mode = db.prepare('PRAGMA journal_mode = WAL').pluck().get()
    if (modeOf(mode) !== 'wal') throw new Error(`SQLite refused WAL mode for this file (got ${modeOf(mode)})`)
  } catch (error) {
    if (!hasCode(error, 'SQLITE_BUSY') || performance.now() > deadline) throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    enterWal(db, deadline)
  }
}

const modeOf = (value: unknown) =>
  typeof value === 'object' && value !== null && 'journal_mode' in value ? String(value.journal_mode) : String(value)

// SQLite gives its log files the mode of the database: what holds keys and sessions is for its owner alone.
const createPrivately = (path: string) => {
  mkdirSync(dirname(path), { recursive: true })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

// What is deleted is overwritten with zeros, so that it is gone from the file and not only from its tables.
const WRITER = ['synchronous = FULL', 'journal_size_limit = 67108864', 'secure_delete = ON']
// libsql does not enforce its own read-only flag, so readers are held by the connection itself.
const READER = ['query_only = ON']

/** The only place that opens an SQLite file: every connection of the product keeps the same rules. */
export const openSqlite = (path: string, { mode, busyTimeoutMs = 5_000 }: SqliteOptions): SqliteHandle => {
  if (mode === 'read' && path !== MEMORY && !existsSync(path)) throw new Error(`No database at ${path}`)
  if (mode === 'write' && path !== MEMORY && !existsSync(path)) createPrivately(path)
  const db = new Database(path)
  try {
    db.exec(`PRAGMA busy_timeout = ${Math.trunc(busyTimeoutMs)}`)
    if (mode === 'write' && path !== MEMORY) enterWal(db, performance.now() + busyTimeoutMs)
    for (const rule of ['foreign_keys = ON', 'recursive_triggers = ON', ...(mode === 'write' ? WRITER : READER)]) {
      db.exec(`PRAGMA ${rule}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
