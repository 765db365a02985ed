import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs'
import { openSqlite, type SqliteHandle } from '../sqlite/open'
import { copyOut, moveForGood, overwrite } from './durable'
import { BackupError } from './inspect'
import { LET_GO, TAKE_ALONE } from './sql.sqlite'

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')
const isBusy = (error: unknown) => codeOf(error).startsWith('SQLITE_BUSY')
const isRuined = (error: unknown) => /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error))

const takeAlone = (target: string): SqliteHandle => {
  const db = openSqlite(target, { mode: 'write', busyTimeoutMs: 500 })
  try {
    db.exec(TAKE_ALONE)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

// The same file gets other contents, under SQLite's own lock: whoever starts meanwhile waits, and then reads the new ones.
const rewrite = (incoming: string, target: string, aside: string | null) => {
  const db = takeAlone(target)
  const file = openSync(target, 'r+')
  try {
    if (aside !== null) copyOut(file, aside)
    overwrite(file, incoming)
    db.exec(LET_GO)
  } finally {
    db.close()
    closeSync(file)
  }
}

// No one can work with a file that is no database, so its name is free.
const replaceRuined = (incoming: string, target: string, aside: string) => {
  for (const end of ['', '-wal', '-journal']) {
    if (existsSync(target + end)) renameSync(target + end, aside + end)
  }
  rmSync(`${target}-shm`, { force: true })
  moveForGood(incoming, target)
}

export const swap = (incoming: string, target: string, aside: string | null): void => {
  try {
    rewrite(incoming, target, aside)
  } catch (error) {
    if (isBusy(error)) throw new BackupError(`${target} is in use. Stop the server first.`, { cause: error })
    if (!isRuined(error) || aside === null || existsSync(aside)) throw error
    replaceRuined(incoming, target, aside)
  }
}
