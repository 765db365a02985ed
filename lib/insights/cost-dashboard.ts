import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { QueryOf, ReplyOf } from '@/lib/shared/contract'
import { usdOf } from '@/lib/shared/money'
import { toWire } from '@/lib/shared/time'
import { type Group, narrow, sumsBy } from '@/lib/tracing'
import type { CostDashboard, costDashboard as contract, ForecastOfCost } from './contract'
import { MOST_ROWS } from './contract/coverage'
import { courseOf } from './cost-course'
import { costOf, NO_COST, plusCost, ranked, shown, sumBy } from './costs'
import { coverageOf } from './coverage'
import { DAY_MS, type Days, dayName, lastDays, monthOf, startOfDay } from './days'
import { outlookOf } from './forecast'
import { type Part, partOf } from './reach'
import { chargedByDay, dearestFacts } from './store'

const WEEK = 7

type Query = QueryOf<typeof contract>
type Charged = ReadonlyMap<string, number>

const sumBetween = (charged: Charged, start: Date, end: Date): number =>
  [...charged].reduce(
    (sum, [day, cost]) => (day >= dayName(start.getTime()) && day < dayName(end.getTime()) ? sum + cost : sum),
    0,
  )

const forecastOf = (charged: Charged, now: Date): ForecastOfCost => {
  const month = monthOf(now)
  const today = dateOf(startOfDay(now.getTime()))
  const spent = sumBetween(charged, month.start, month.end)
  const { averageDaily, daysRemaining, projected } = outlookOf(spent, month, now)
  const recent = sumBetween(charged, dateOf(today.getTime() - WEEK * DAY_MS), today) / WEEK
  const micro = { average: Math.round(averageDaily), projected: Math.round(projected) }
  return {
    period_start: toWire(month.start),
    period_end: toWire(month.end),
    spent: usdOf(spent),
    spent_micro_usd: spent,
    average_daily: usdOf(micro.average),
    average_daily_micro_usd: micro.average,
    recent_daily_micro_usd: Math.round(recent),
    days_remaining: daysRemaining,
    projected: usdOf(micro.projected),
    projected_micro_usd: micro.projected,
    projected_recent_micro_usd: Math.round(spent + recent * daysRemaining),
  }
}

// One reading of the ledger serves the window, the month and the last week.
const chargedSince = (scope: Scope, part: Part, window: Days, now: Date): Promise<Charged> => {
  const starts = [window.start, monthOf(now).start, dateOf(startOfDay(now.getTime()) - WEEK * DAY_MS)]
  const start = dateOf(Math.min(...starts.map((date) => date.getTime())))
  return chargedByDay(scope, part, { start, end: window.end })
}

const MORE = 'Charged, but in no trace that has ended and is kept: runs under way, or deleted since'
const LESS = 'In traces that were not charged here: sent in by other programs, or charged on the day before the window'

const ledgerOf = (charged: Charged, { start, end }: Days, ofTraces: number): CostDashboard['ledger'] => {
  const cost = sumBetween(charged, start, end)
  const difference = cost - ofTraces
  return {
    total_cost: usdOf(cost),
    total_cost_micro_usd: cost,
    difference_micro_usd: difference,
    explanation: difference === 0 ? null : difference > 0 ? MORE : LESS,
  }
}

const partsIn = (groups: readonly Group[]) => ({
  by_workspace: ranked(sumBy(groups, 'workspace')).map(([name, cost]) => ({ workspace_id: name, ...shown(cost) })),
  by_model: ranked(sumBy(groups, 'model')).map(([model, cost]) => ({ model, ...shown(cost) })),
  by_role: ranked(sumBy(groups, 'role')).map(([name, cost]) => ({ agent_role: name, ...shown(cost) })),
  by_environment: ranked(sumBy(groups, 'environment')).map(([environment, cost]) => ({ environment, ...shown(cost) })),
  by_origin: ranked(sumBy(groups, 'origin')).map(([origin, cost]) => ({ origin, ...shown(cost) })),
})

const dailyOf = (groups: readonly Group[], { names }: Days): CostDashboard['daily'] => {
  const sums = sumBy(groups, 'day')
  return names.map((day) => ({ day, ...shown(sums.get(day) ?? NO_COST) }))
}

export const costDashboard = async (scope: Scope, query: Query): Promise<ReplyOf<typeof contract>> => {
  const now = scope.clock.now()
  const window = lastDays(now, query.days)
  const part = partOf(scope, query.workspace_id)
  const narrowed = narrow(scope, {
    workspace_id: query.workspace_id,
    start_date: toWire(window.start),
    end_date: toWire(dateOf(window.end.getTime() - 1)),
  })
  const by = query.by === 'skill' ? [] : [query.by]
  const [groups, course, skills, charged, coverage] = await Promise.all([
    sumsBy(scope, narrowed, ['workspace', 'model', 'role', 'environment', 'origin']),
    sumsBy(scope, narrowed, ['day', ...by]),
    dearestFacts(scope, { fact: 'skill', part, window }, MOST_ROWS),
    chargedSince(scope, part, window, now),
    coverageOf(scope, window),
  ])
  const total = course.map(costOf).reduce(plusCost, NO_COST)
  const names = skills.map(({ value }) => value)
  return {
    dashboard: {
      daily: dailyOf(course, window),
      ...shown(total),
      ...partsIn(groups),
      by_skill: skills.map(({ value, ...sums }) => ({ skill_name: value, ...shown(sums) })),
      parts: await courseOf(scope, { by: query.by, groups: course, window, part, skills: names }),
      ledger: ledgerOf(charged, window, total.cost),
      forecast: forecastOf(charged, now),
      coverage,
    },
  }
}
