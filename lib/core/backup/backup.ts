import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { openSqlite, type SqliteHandle } from '../sqlite/open'
import { moveForGood } from './durable'
import { type AuditHeadState, auditHashAt, BackupError, type Inspection, inspect } from './inspect'
import { COPY_TO, HEADS } from './sql.sqlite'

export type BackupReport = Inspection & { file: string; bytes: number }

const OWNER_ONLY = 0o600

const headsOf = (db: SqliteHandle) => db.prepare(HEADS).all() as AuditHeadState[]

// What was acknowledged before the copy began must be in it, and nothing may be in it that the original does not hold.
const compare = (db: SqliteHandle, before: readonly AuditHeadState[], copy: Inspection) => {
  const copied = new Map(copy.heads.map((head) => [head.tenantId, head]))
  const short = before.filter(({ tenantId, size }) => (copied.get(tenantId)?.size ?? 0) < size)
  const foreign = copy.heads.filter((head) => head.size > 0 && auditHashAt(db, head) !== head.headHash)
  const named = [...short, ...foreign].map(({ tenantId }) => tenantId)
  if (named.length > 0)
    throw new BackupError(`The copy and the original differ in the audit log of ${named.join(', ')}`)
}

const copyInto = (source: string, partial: string): Inspection => {
  const db = openSqlite(source, { mode: 'write' })
  try {
    const before = headsOf(db)
    db.prepare(COPY_TO).run(partial)
    chmodSync(partial, OWNER_ONLY)
    const copy = inspect(partial)
    compare(db, before, copy)
    return copy
  } finally {
    db.close()
  }
}

/** Copies a database while it is in use: one snapshot, verified before it gets its name. Blocks this thread. */
export const backupSqlite = (source: string, target: string): BackupReport => {
  const file = resolve(target)
  const partial = `${file}.partial`
  if (!existsSync(source)) throw new BackupError(`There is no database at ${source}`)
  if (existsSync(file)) throw new BackupError(`${file} exists already; a backup never overwrites`)
  mkdirSync(dirname(file), { recursive: true })
  rmSync(partial, { force: true })
  try {
    const inspection = copyInto(source, partial)
    moveForGood(partial, file)
    return { ...inspection, file, bytes: statSync(file).size }
  } finally {
    rmSync(partial, { force: true })
  }
}
