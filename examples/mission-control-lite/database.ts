import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'

// Rows belong to a person in a tenant; `seq` gives lists their order and their cursors.
const OWNED = `seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tenant_id TEXT NOT NULL, user_id TEXT NOT NULL`
const NOW = `(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`

const SCHEMA = `
CREATE TABLE IF NOT EXISTS tasks (${OWNED}, title TEXT NOT NULL, description TEXT, status TEXT NOT NULL,
  metadata TEXT, created_at TEXT NOT NULL DEFAULT ${NOW}, updated_at TEXT NOT NULL DEFAULT ${NOW});
CREATE INDEX IF NOT EXISTS tasks_of_user ON tasks (tenant_id, user_id, seq);
CREATE INDEX IF NOT EXISTS tasks_by_title ON tasks (tenant_id, user_id, title, seq);
CREATE TABLE IF NOT EXISTS messages (${OWNED}, task_id TEXT NOT NULL REFERENCES tasks (id), content TEXT NOT NULL,
  actor_type TEXT NOT NULL, actor_id TEXT, agent_role TEXT, attachments TEXT, created_at TEXT NOT NULL DEFAULT ${NOW});
CREATE INDEX IF NOT EXISTS messages_of_task ON messages (task_id, seq);
CREATE TABLE IF NOT EXISTS documents (${OWNED}, task_id TEXT NOT NULL REFERENCES tasks (id), title TEXT NOT NULL,
  content TEXT NOT NULL, doc_type TEXT NOT NULL, created_at TEXT NOT NULL DEFAULT ${NOW});
CREATE INDEX IF NOT EXISTS documents_of_task ON documents (task_id, seq);
CREATE TABLE IF NOT EXISTS notifications (${OWNED}, session_key TEXT NOT NULL, content TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT ${NOW}, delivered_at TEXT);
CREATE INDEX IF NOT EXISTS notifications_waiting ON notifications (delivered_at, seq);
CREATE TABLE IF NOT EXISTS tool_requests (${OWNED}, title TEXT NOT NULL, justification TEXT NOT NULL,
  interface TEXT NOT NULL, scope TEXT NOT NULL, risk_level TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending',
  reason TEXT, decided_by TEXT, decided_at TEXT, created_at TEXT NOT NULL DEFAULT ${NOW});
CREATE TABLE IF NOT EXISTS refunds (${OWNED}, order_id TEXT NOT NULL, amount_cents INTEGER NOT NULL, reason TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT ${NOW});
CREATE TABLE IF NOT EXISTS heartbeats (tenant_id TEXT NOT NULL, user_id TEXT NOT NULL, seen_at TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_id));
CREATE TABLE IF NOT EXISTS keys (tenant_id TEXT NOT NULL, user_id TEXT NOT NULL, key TEXT NOT NULL,
  request TEXT NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (tenant_id, user_id, key));
`

export type Row = Record<string, unknown>

export type Store = {
  all: (sql: string, ...values: unknown[]) => Row[]
  one: (sql: string, ...values: unknown[]) => Row | undefined
  run: (sql: string, ...values: unknown[]) => void
  // Everything in it happens, or nothing does.
  together: <T>(work: () => T) => T
  now: () => string
  close: () => void
}

// The file holds what customers wrote, so nobody else on the machine may read it.
const createPrivately = (path: string) => {
  mkdirSync(dirname(path), { recursive: true })
  closeSync(openSync(path, 'a', 0o600))
}

export const openStore = (path: string): Store => {
  if (path !== ':memory:') createPrivately(path)
  const db = new Database(path)
  for (const rule of ['busy_timeout = 5000', 'foreign_keys = ON']) db.exec(`PRAGMA ${rule}`)
  if (path !== ':memory:') db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec(SCHEMA)
  const prepared = new Map<string, Database.Statement>()
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  const one: Store['one'] = (sql, ...values) => statement(sql).get(values) as Row | undefined
  return {
    one,
    all: (sql, ...values) => statement(sql).all(values) as Row[],
    run: (sql, ...values) => void statement(sql).run(values),
    together: (work) => {
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    now: () => String(one(`SELECT ${NOW} AS now`)?.['now']),
    close: () => void db.close(),
  }
}
