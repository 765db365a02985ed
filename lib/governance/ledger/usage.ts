import { dateOf } from '@/lib/core/clock'
import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { QueryOf, ReplyOf } from '@/lib/shared/contract'
import { microUsd, usdOf } from '@/lib/shared/money'
import type { usage as contract } from '../contract/usage'
import { unreadable } from './budgets'
import { sumLedger } from './sql-read'

const monthOf = (now: Date) => ({
  start: dateOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  end: dateOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)),
})

export const usage = async (scope: Scope, query: QueryOf<typeof contract>): Promise<ReplyOf<typeof contract>> => {
  const month = monthOf(scope.clock.now())
  const start = query.start_date === undefined ? month.start : dateOf(Date.parse(query.start_date))
  const end = query.end_date === undefined ? month.end : dateOf(Date.parse(query.end_date))
  const { user, workspaces } = reachOf(scope)
  const fence = { user, workspaces: workspaces && JSON.stringify(workspaces) }
  const within = { ...fence, start: storedTime(start), end: storedTime(end) }
  const [row] = await scope.rows(sumLedger, within).catch(unreadable)
  const input = Number(row?.['input'] ?? 0)
  const output = Number(row?.['output'] ?? 0)
  const cost = microUsd(Number(row?.['cost'] ?? 0))
  return {
    request_count: Number(row?.['requests'] ?? 0),
    total_input_tokens: input,
    total_output_tokens: output,
    total_tokens: input + output,
    total_cost: usdOf(cost),
    total_cost_micro_usd: cost,
    currency: 'USD',
    start_date: start.toISOString(),
    end_date: end.toISOString(),
  }
}
