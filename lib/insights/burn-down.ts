import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { type BudgetSubject, budgetSubject, getBudget } from '@/lib/governance'
import type { Budget } from '@/lib/governance/contract/budget'
import type { QueryOf, ReplyOf } from '@/lib/shared/contract'
import { isProblem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { Burn, BurnPoint, burnDown as contract } from './contract'
import { DAY_MS } from './days'
import { crossingOf, type Outlook, outlookOf } from './forecast'
import { chargedByHour, type Payer } from './store'

const HOUR_MS = 3_600_000
const HOURS_UP_TO_MS = 3 * DAY_MS
const MOST_POINTS = 366

type Period = { start: Date; end: Date }

const payerOf = (subject: BudgetSubject): Payer => {
  if (subject.kind === 'workspace') return { workspace: subject.workspaceId }
  if (subject.kind === 'role') return { role: subject.role }
  if (subject.kind === 'user') return { user: subject.userId }
  if (subject.kind !== 'environment') return {}
  const { environment, workspaceId } = subject
  return workspaceId === null ? { environment } : { environment, workspace: workspaceId }
}

const periodOf = (budget: Budget, now: Date): Period => {
  const start = dateOf(budget.period_start ?? budget.created_at)
  const end = budget.period_end ?? Math.max(now.getTime(), start.getTime()) + DAY_MS
  return { start, end: dateOf(end) }
}

const widthOf = ({ start, end }: Period): number => {
  const length = end.getTime() - start.getTime()
  return length <= HOURS_UP_TO_MS ? HOUR_MS : DAY_MS * Math.max(1, Math.ceil(length / DAY_MS / MOST_POINTS))
}

const timesOf = ({ start, end }: Period, now: number): number[] => {
  const width = widthOf({ start, end })
  const count = Math.ceil((end.getTime() - start.getTime()) / width)
  const steps = Array.from({ length: count }, (_, at) => start.getTime() + at * width)
  const within = now > start.getTime() && now < end.getTime() ? [now] : []
  return [...new Set([...steps, ...within, end.getTime()])].sort((a, b) => a - b)
}

type Course = { period: Period; now: number; spent: number; projected: number; charged: ReadonlyMap<string, number> }

const hourMs = (hour: string): number => Date.parse(`${hour}:00:00.000Z`)

const pointsOf = ({ period, now, spent, projected, charged }: Course): BurnPoint[] => {
  const start = period.start.getTime()
  // A period may begin within an hour.
  const hours = [...charged].map(([hour, cost]) => ({ at: Math.max(start, hourMs(hour)), cost }))
  const end = period.end.getTime()
  const from = Math.max(now, start)
  const until = (at: number) => hours.reduce((sum, hour) => (hour.at < at ? sum + hour.cost : sum), 0)
  const ahead = (at: number) => Math.round(spent + ((projected - spent) * (at - from)) / Math.max(1, end - from))
  return timesOf(period, now).map((at) => ({
    at: toWire(dateOf(at)),
    spent_micro_usd: at > now ? null : at === now ? spent : until(at),
    projected_micro_usd: at < now || now >= end ? null : ahead(at),
  }))
}

const rounded = ({ averageDaily, daysRemaining, projected }: Outlook) => ({
  average_daily_micro_usd: Math.round(averageDaily),
  days_remaining: daysRemaining,
  projected_micro_usd: Math.round(projected),
})

type Counted = { budget: Budget; period: Period; charged: ReadonlyMap<string, number>; now: Date }

const burnOf = ({ budget, period, charged, now }: Counted): Burn => {
  const spent = [...charged.values()].reduce((sum, cost) => sum + cost, 0)
  const outlook = rounded(outlookOf(spent, period, now))
  const projected = outlook.projected_micro_usd
  const line = { from: now.getTime(), until: period.end.getTime(), spent, projected }
  const runsOut = crossingOf(line, budget.budget_micro_usd)
  return {
    scope: budget.scope,
    budget_micro_usd: budget.budget_micro_usd,
    hard_limit: budget.hard_limit,
    alert_threshold: budget.alert_threshold,
    period: budget.period,
    timezone: budget.timezone,
    period_start: toWire(period.start),
    period_end: toWire(period.end),
    spent_micro_usd: spent,
    reserved_micro_usd: budget.reserved_micro_usd,
    ...outlook,
    runs_out_at: runsOut === null ? null : toWire(dateOf(runsOut)),
    bucket: widthOf(period) === HOUR_MS ? 'hour' : 'day',
    points: pointsOf({ period, now: now.getTime(), spent, projected, charged }),
  }
}

// Both answers are normal: most scopes have no budget.
const findBudget = async (scope: Scope, query: { scope: string }): Promise<Budget | null> => {
  try {
    return (await getBudget(scope, query)).budget
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') return null
    throw error
  }
}

/** Whoever may see the budget sees how it came to where it is. */
export const burnDown = async (scope: Scope, query: QueryOf<typeof contract>): Promise<ReplyOf<typeof contract>> => {
  const budget = await findBudget(scope, query)
  if (budget === null) return { burn: null }
  const now = scope.clock.now()
  const period = periodOf(budget, now)
  const charged = await chargedByHour(scope, payerOf(budgetSubject(query.scope)), period)
  return { burn: burnOf({ budget, period, charged, now }) }
}
