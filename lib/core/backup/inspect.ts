import { readSqliteLedger } from '../migrate/apply-sqlite'
import type { Applied } from '../migrate/pending'
import { openSqlite, type SqliteHandle } from '../sqlite/open'
import { BROKEN_LINKS, countRows, HASH_AT, HEADLESS, HEADS, TABLES } from './sql.sqlite'

export type AuditHeadState = { tenantId: string; size: number; headHash: string | null }

export type Inspection = {
  tables: Record<string, number>
  rows: number
  heads: AuditHeadState[]
  migrations: Applied[]
}

export class BackupError extends Error {
  override readonly name = 'BackupError'
}

type HeadRow = AuditHeadState & { entries: number; lastHash: string | null }

const column = (db: SqliteHandle, statement: string) => db.prepare(statement).raw().all().flat().map(String)

const damage = (db: SqliteHandle): string[] => {
  const integrity = column(db, 'PRAGMA integrity_check').filter((line) => line !== 'ok')
  const orphans = db.prepare('PRAGMA foreign_key_check').all().length
  return [...integrity, ...(orphans > 0 ? [`${orphans} rows point at a parent that is missing`] : [])]
}

const countAll = (db: SqliteHandle): Record<string, number> =>
  Object.fromEntries(column(db, TABLES).map((table) => [table, Number(column(db, countRows(table))[0])]))

const auditFaults = (db: SqliteHandle, heads: readonly HeadRow[]): string[] => {
  const wrong = heads.filter((head) => head.entries !== head.size || head.lastHash !== head.headHash)
  const links = db.prepare(BROKEN_LINKS).all() as { tenantId: string; seq: number }[]
  return [
    ...wrong.map(
      (head) => `audit log of ${head.tenantId}: its head (${head.size}) is not its last entry (${head.entries})`,
    ),
    ...column(db, HEADLESS).map((tenantId) => `audit log of ${tenantId}: entries without a head`),
    ...links.map(({ tenantId, seq }) => `audit log of ${tenantId}: entry ${seq} does not follow the one before it`),
  ]
}

/** Reads a whole file and throws, naming every fault, unless it is a sound database of Clasper. */
export const inspect = (path: string): Inspection => {
  const db = openSqlite(path, { mode: 'read' })
  try {
    const faults = damage(db)
    if (faults.length > 0) throw new BackupError(`${path} is damaged:\n  ${faults.slice(0, 10).join('\n  ')}`)
    const tables = countAll(db)
    const migrations = readSqliteLedger(db)
    if (migrations.length === 0) throw new BackupError(`${path} is not a database of Clasper`)
    const heads = 'AuditHead' in tables ? (db.prepare(HEADS).all() as HeadRow[]) : []
    const broken = 'AuditEntry' in tables ? auditFaults(db, heads) : []
    if (broken.length > 0) throw new BackupError(`${path} fails its audit proof:\n  ${broken.join('\n  ')}`)
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
    return {
      tables,
      rows,
      migrations,
      heads: heads.map(({ tenantId, size, headHash }) => ({ tenantId, size, headHash })),
    }
  } catch (error) {
    if (error instanceof BackupError) throw error
    throw new BackupError(`${path} is not a readable database: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  } finally {
    db.close()
  }
}

/** The entry hash that a log holds at a position, or null where it is shorter. */
export const auditHashAt = (db: SqliteHandle, { tenantId, size }: AuditHeadState): string | null => {
  const row = db.prepare(HASH_AT).all(tenantId, size)[0] as { hash: string } | undefined
  return row?.hash ?? null
}
