import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { Narrowed } from './filter'
import { countUpTo, estimates, oldestStart, startAt, type Total } from './store-list'
import { isInRollup, sumTraces } from './store-stats'

const EXACT_UP_TO = 10_000
const HOUR_MS = 3_600_000

// Without sums for a filter: as many as there were in the time that was counted, over all of the time.
const extrapolated = async (scope: Scope, { shape, params }: Narrowed): Promise<number> => {
  const [newest, oldest, first] = await Promise.all([
    startAt(scope, shape, params, 0),
    startAt(scope, shape, params, EXACT_UP_TO),
    oldestStart(scope),
  ])
  if (newest === null || oldest === null || first === null) return EXACT_UP_TO
  const counted = Math.max(1, newest.getTime() - oldest.getTime())
  return Math.round((EXACT_UP_TO * (newest.getTime() - first.getTime())) / counted)
}

// Sums outlast the traces that retention took; before the hour of the oldest that is left there is nothing to list.
const summed = async (scope: Scope, { shape, params }: Narrowed): Promise<number> => {
  const oldest = await oldestStart(scope)
  if (oldest === null) return 0
  const start = storedTime(dateOf(Math.floor(oldest.getTime() / HOUR_MS) * HOUR_MS))
  const isLater = typeof params['start'] === 'string' && params['start'] > start
  if (isLater) return sumTraces(scope, { shape, params, terms: [] })
  const conditions = shape.conditions.includes('start') ? shape.conditions : [...shape.conditions, 'start' as const]
  return sumTraces(scope, { shape: { ...shape, conditions }, params: { ...params, start }, terms: [] })
}

const estimate = async (scope: Scope, narrowed: Narrowed): Promise<Total> => {
  const count = await countUpTo(scope, narrowed.shape, narrowed.params, EXACT_UP_TO + 1)
  if (count <= EXACT_UP_TO) return { total: count, total_exact: true }
  if (narrowed.shape.driver === 'text') return { total: count, total_exact: false }
  const guess = isInRollup(narrowed) ? await summed(scope, narrowed) : await extrapolated(scope, narrowed)
  return { total: Math.max(count, guess), total_exact: false }
}

// A count that took a while to make is good for a second; callers at once do not make it again and again.
const WORTH_KEEPING = 1_000
const KEPT_MS = 1_000

/** How many there are: counted up to ten thousand, beyond that estimated, and never by reading them all. */
export const totalOf = async (scope: Scope, narrowed: Narrowed): Promise<Total> => {
  const { driver, conditions } = narrowed.shape
  const key = JSON.stringify([scope.tenantId, driver, conditions, narrowed.params])
  const known = estimates().get(key)
  if (known !== undefined) return known
  const found = await estimate(scope, narrowed)
  if (!found.total_exact) estimates().set(key, found)
  else if (found.total > WORTH_KEEPING) estimates().set(key, found, { ttl: KEPT_MS })
  return found
}
