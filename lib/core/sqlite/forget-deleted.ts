import { targetOf } from '../migrate/target'
import { isBusy, type SqliteHandle } from './handle'
import { openSqlite } from './open'

const TRIES = 40
const WAIT_MS = 50
const PAGES = 200

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS))

const patiently = async (act: () => boolean): Promise<boolean> => {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      if (act()) return true
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    await pause()
  }
  return false
}

const isForgetful = (db: SqliteHandle, index: string): boolean => {
  const row = db.prepare(`SELECT v FROM "${index}_config" WHERE k = 'secure-delete'`).get() as { v: number } | undefined
  return Number(row?.v ?? 0) === 1
}

const changesOf = (db: SqliteHandle): number =>
  Number((db.prepare('SELECT total_changes() AS n').get() as { n: number }).n)

// A little at a time, so that other writers get in between; the first step says that everything is to be merged.
const mergeIndex = async (db: SqliteHandle, index: string): Promise<boolean> => {
  const merge = db.prepare(`INSERT INTO "${index}" ("${index}", rank) VALUES ('merge', ?)`)
  for (let pages = -PAGES; ; pages = PAGES) {
    const before = changesOf(db)
    const isDone = await patiently(() => {
      merge.run(pages)
      return true
    })
    if (!isDone) return false
    if (changesOf(db) - before < 2) return true
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

const emptyLog = (db: SqliteHandle): Promise<boolean> =>
  patiently(() => {
    const [state] = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as { busy: number }[]
    return state?.busy === 0
  })

/**
 * What is deleted is overwritten in its pages, but old words may stand in a full-text index until it is merged, and old
 * pages in the log until it is cut. False when others kept the file in use all the time. Only SQLite has such a log.
 */
export const forgetDeleted = async (url: string, indexes: readonly string[]): Promise<boolean> => {
  const target = targetOf(url)
  if (target.dialect !== 'sqlite') return true
  const db = openSqlite(target.path, { mode: 'write', busyTimeoutMs: 0 })
  try {
    for (const index of indexes) if (!isForgetful(db, index) && !(await mergeIndex(db, index))) return false
    return await emptyLog(db)
  } finally {
    db.close()
  }
}
