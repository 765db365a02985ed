import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { fenceOf } from './fence'
import { RECENT_FAILURES, RECENT_RUNS } from './sql'

const HOUR_MS = 3_600_000
const MOST_RUNS = 1_000
const SHOWN_FAILURES = 5

export type RecentFailure = { traceId: string; status: string; code: string | null; at: Date }
export type RecentRuns = { since: Date; total: number; failed: number; isCapped: boolean; failures: RecentFailure[] }

const FAILED = ['error', 'timeout']

const failureOf = (row: Record<string, unknown>): RecentFailure => ({
  traceId: String(row['id']),
  status: String(row['status']),
  code: row['code'] === null ? null : String(row['code']),
  at: row['at'] instanceof Date ? row['at'] : dateOf(String(row['at'])),
})

// The runs of the last hour, the newest thousand of them at most: a busy tenant costs no more than that.
export const recentRuns = async (scope: Scope): Promise<RecentRuns> => {
  const since = dateOf(scope.clock.now().getTime() - HOUR_MS)
  const fence = fenceOf(scope)
  const window = { since: storedTime(since), most: MOST_RUNS, workspaces: fence && JSON.stringify(fence) }
  const [counts, failures] = await Promise.all([
    scope.rows(RECENT_RUNS, window),
    scope.rows(RECENT_FAILURES, { ...window, shown: SHOWN_FAILURES }),
  ])
  const sum = (rows: typeof counts) => rows.reduce((all, row) => all + Number(row['n']), 0)
  const total = sum(counts)
  const failed = sum(counts.filter((row) => FAILED.includes(String(row['status']))))
  return { since, total, failed, isCapped: total >= MOST_RUNS, failures: failures.map(failureOf) }
}
