import type { Scope } from '@/lib/core/scope'
import type { Narrowed } from './filter'
import { countUpTo, estimates, oldestStart, startAt } from './store-list'
import { isInRollup, sumTraces } from './store-stats'

export type Total = { total: number; total_exact: boolean }

const EXACT_UP_TO = 10_000

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

const estimate = async (scope: Scope, narrowed: Narrowed): Promise<Total> => {
  const count = await countUpTo(scope, narrowed.shape, narrowed.params, EXACT_UP_TO + 1)
  if (count <= EXACT_UP_TO) return { total: count, total_exact: true }
  if (narrowed.shape.driver === 'text') return { total: count, total_exact: false }
  const guess = isInRollup(narrowed) ? await sumTraces(scope, narrowed) : await extrapolated(scope, narrowed)
  return { total: Math.max(count, guess), total_exact: false }
}

/** How many there are: counted up to ten thousand, beyond that estimated, and never by reading them all. */
export const totalOf = async (scope: Scope, narrowed: Narrowed): Promise<Total> => {
  const { driver, conditions } = narrowed.shape
  const key = JSON.stringify([scope.tenantId, driver, conditions, narrowed.params])
  const known = estimates().get(key)
  if (known !== undefined) return { total: known, total_exact: false }
  const found = await estimate(scope, narrowed)
  if (!found.total_exact) estimates().set(key, found.total)
  return found
}
