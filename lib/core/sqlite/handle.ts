import type { SqliteHandle } from './open'

export type { SqliteHandle } from './open'

export type Statement = ReturnType<SqliteHandle['prepare']>

const MAX_STATEMENTS = 256
const statements = new WeakMap<SqliteHandle, Map<string, Statement>>()

// Preparing costs more than running; a handle keeps its last few hundred statements.
export const prepared = (handle: SqliteHandle, sql: string): Statement => {
  const cache = statements.get(handle) ?? new Map<string, Statement>()
  statements.set(handle, cache)
  const known = cache.get(sql)
  if (known) return known
  const oldest = cache.keys().next()
  if (cache.size >= MAX_STATEMENTS && !oldest.done) cache.delete(oldest.value)
  const statement = handle.prepare(sql)
  cache.set(sql, statement)
  return statement
}

export const sqliteTime = (date: Date): string => date.toISOString().replace('Z', '+00:00')

export const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
