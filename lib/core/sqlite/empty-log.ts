import { targetOf } from '../migrate/target'
import { openSqlite } from './open'

const TRIES = 40
const WAIT_MS = 50

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, WAIT_MS))

/**
 * What was overwritten in the file may still stand in its log. Brings the file up to date and cuts the log to nothing;
 * false when others kept it in use all the time. Other databases have no such log.
 */
export const emptyLog = async (url: string): Promise<boolean> => {
  const target = targetOf(url)
  if (target.dialect !== 'sqlite') return true
  const db = openSqlite(target.path, { mode: 'write', busyTimeoutMs: 0 })
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const [state] = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all() as { busy: number }[]
      if (state?.busy === 0) return true
      await pause()
    }
    return false
  } finally {
    db.close()
  }
}
