import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../clock'
import { migrationsFolder, readMigrations } from '../migrate/history'
import { pendingOf } from '../migrate/pending'
import { openSqlite } from '../sqlite/open'
import { BackupError, type Inspection, inspect } from './inspect'
import { END_SESSIONS, HAS_SESSIONS, SINGLE_FILE } from './sql.sqlite'
import { swap } from './swap'

export type RestoreReport = Inspection & { file: string; keptAside: string | null; migrationsToCome: string[] }
export type RestoreInput = { backup: string; target: string; clock: Clock; root?: string }

const OWNER_ONLY = 0o600

// Sessions that ended after the backup was made would come to life again.
const endSessions = (path: string, now: Date) => {
  const db = openSqlite(path, { mode: 'write' })
  try {
    if (db.prepare(HAS_SESSIONS).all().length > 0) {
      db.prepare(END_SESSIONS).run(now.toISOString().replace('Z', '+00:00'))
    }
    db.exec(SINGLE_FILE)
  } finally {
    db.close()
  }
}

// Works on a copy: opening a file may write beside it, and the backup must stay as it is.
const prepare = ({ backup, clock, root }: RestoreInput, incoming: string) => {
  if (!existsSync(backup)) throw new BackupError(`There is no backup at ${backup}`)
  mkdirSync(dirname(incoming), { recursive: true })
  copyFileSync(backup, incoming)
  chmodSync(incoming, OWNER_ONLY)
  const inspection = inspect(incoming)
  const pending = pendingOf(readMigrations(migrationsFolder('sqlite', root)), inspection.migrations)
  endSessions(incoming, clock.now())
  return { inspection, migrationsToCome: pending.map(({ name }) => name) }
}

const holdsSomething = (path: string) => existsSync(path) && statSync(path).size > 0

/** Puts a verified backup in the place of a database that nobody uses. The old contents stay beside it. */
export const restoreSqlite = (input: RestoreInput): RestoreReport => {
  const file = resolve(input.target)
  const incoming = `${file}.incoming`
  const stamp = input.clock.now().toISOString().replace(/\D/g, '').slice(0, 17)
  const keptAside = holdsSomething(file) ? `${file}.before-restore-${stamp}` : null
  const leftovers = ['', '-wal', '-shm', '-journal'].map((end) => incoming + end)
  try {
    for (const path of leftovers) rmSync(path, { force: true })
    const { inspection, migrationsToCome } = prepare(input, incoming)
    swap(incoming, file, keptAside)
    return { ...inspection, file, keptAside, migrationsToCome }
  } finally {
    for (const path of leftovers) rmSync(path, { force: true })
  }
}
