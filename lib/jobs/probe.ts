import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { migrationNames, migrationsFolder } from '@/lib/core/migrate/history'
import { APPLIED_MIGRATIONS, DATABASE_FACTS } from './sql'
import { workerSeenMs } from './store'

const WORKER_SILENT_MS = 45_000
const PROBE_MS = 2_000

export type Probe<T> = { ok: true; value: T; ms: number } | { ok: false; error: unknown; ms: number }

// An answer that does not come is an answer: the probe never hangs with what it probes.
export const probe = async <T>(work: () => Promise<T>, mostMs = PROBE_MS): Promise<Probe<T>> => {
  const started = monotonicMs()
  const took = () => Math.round((monotonicMs() - started) * 10) / 10
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${mostMs} ms`)), mostMs)
  })
  try {
    return { ok: true, value: await Promise.race([work(), late]), ms: took() }
  } catch (error) {
    return { ok: false, error, ms: took() }
  } finally {
    clearTimeout(timer)
  }
}

export type DatabaseFacts = { version: string; size: number }

export const databaseFacts = async (): Promise<DatabaseFacts> => {
  const [row] = await kernel().db.rows(DATABASE_FACTS, { tenant: '' })
  return { version: String(row?.['version']), size: Number(row?.['size']) }
}

export type MigrationState = { name: string; at: Date | null }

const dateFrom = (value: unknown): Date | null => {
  if (value instanceof Date) return value
  if (typeof value === 'number') return dateOf(value)
  return typeof value === 'string' ? dateOf(value) : null
}

// The migrations that this version brings, with the time at which the database got them.
export const migrationStates = async (): Promise<MigrationState[]> => {
  const { db } = kernel()
  const rows = await db.rows(APPLIED_MIGRATIONS, { tenant: '' })
  const applied = new Map(rows.map((row) => [String(row['name']), dateFrom(row['at'])]))
  const known = migrationNames(migrationsFolder(db.dialect))
  return [...new Set([...known, ...applied.keys()])].sort().map((name) => ({ name, at: applied.get(name) ?? null }))
}

export const isMigrated = async (): Promise<boolean> => (await migrationStates()).every(({ at }) => at !== null)

export type WorkerState = 'ok' | 'degraded'

// Any worker of any instance counts: jobs are done by whoever is there.
export const workerSeen = async (): Promise<{ state: WorkerState; at: Date | null }> => {
  const seen = await workerSeenMs()
  const isThere = seen !== null && kernel().clock.now().getTime() - seen < WORKER_SILENT_MS
  return { state: isThere ? 'ok' : 'degraded', at: seen === null ? null : dateOf(seen) }
}

export const workerState = async (): Promise<WorkerState> => (await workerSeen()).state
