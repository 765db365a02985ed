import { dateOf } from '../core/clock'
import type { Scope } from '../core/scope'
import { narrow, storedTime } from './audit-filter'
import { countsByHour, countsByType, countUpTo, timeSpan } from './store'

const DAY_MS = 86_400_000

type Window = { start_date?: string | undefined; end_date?: string | undefined }

export const auditStats = async (scope: Scope, window: Window) => {
  const { conditions, params } = narrow(scope, window)
  const dayAgo = storedTime(dateOf(scope.clock.now().getTime() - DAY_MS).toISOString())
  const byType = await countsByType(scope, conditions, params)
  const lastDay = narrow(scope, { start_date: dayAgo })
  const [span, day, byHour] = await Promise.all([
    timeSpan(scope, conditions, params),
    countUpTo(scope, lastDay.conditions, lastDay.params, Number.MAX_SAFE_INTEGER),
    countsByHour(scope, dayAgo),
  ])
  return {
    stats: {
      total_entries: byType.reduce((sum, [, count]) => sum + count, 0),
      entries_by_type: Object.fromEntries(byType),
      entries_last_24h: day.count,
      oldest_entry: span.oldest,
      newest_entry: span.newest,
      by_hour: byHour,
    },
  }
}
