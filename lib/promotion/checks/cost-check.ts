import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { getBudget } from '@/lib/governance'
import { isProblem } from '@/lib/shared/problem'
import { narrow, sumsBy } from '@/lib/tracing'
import type { Route } from '../candidate'
import type { CostForecast } from '../contract'
import { type Checker, type Finding, fail, pass, unsure } from './check'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 7
const OUTLOOK_DAYS = 30

type Past = { runs: number; cost: number }

const pastOf = async (scope: Scope, { workspaceId, targetEnv }: Route): Promise<Past> => {
  const start = dateOf(scope.clock.now().getTime() - WINDOW_DAYS * DAY_MS).toISOString()
  const filter = { workspace_id: workspaceId, environment: targetEnv, origin: 'run', start_date: start }
  const groups = await sumsBy(scope, narrow(scope, filter), [])
  return groups.reduce(
    (all, { traces, costMicroUsd }) => ({ runs: all.runs + traces, cost: all.cost + costMicroUsd }),
    { runs: 0, cost: 0 },
  )
}

type Purse = { remaining: number; days: number; isHard: boolean }

const purseOf = async (scope: Scope): Promise<Purse | null> => {
  try {
    const { budget, stats } = await getBudget(scope, { scope: 'tenant' })
    return { remaining: budget.remaining_usd, days: stats.days_remaining, isHard: budget.hard_limit }
  } catch (error) {
    if (isProblem(error) && (error.code === 'not_found' || error.code === 'workspace_access_denied')) return null
    throw error
  }
}

// What the replays cost against what the same runs had cost; 1 where nothing was replayed.
export const factorOf = (impact: Record<string, unknown> | undefined): number | null => {
  const factor = impact?.['cost_factor']
  return typeof factor === 'number' && Number.isFinite(factor) ? factor : null
}

const rounded = (usd: number): number => Math.round(usd * 1_000_000) / 1_000_000

const verdict = (forecast: CostForecast, mode: 'block' | 'report', evidence: Record<string, unknown>): Finding => {
  const words = `Runs there would cost about ${forecast.estimated_cost} USD`
  if (forecast.budget_remaining === null) return pass(`${words}; no budget is set.`, evidence)
  const rest = `${words}, of a budget with ${forecast.budget_remaining} USD left.`
  if (!forecast.would_exceed_budget) return pass(rest, evidence)
  return mode === 'block' ? fail(rest, evidence) : unsure(`${rest} The gate only reports it.`, evidence)
}

/** What the target's runs of a week come to by the end of the period, at the price of the candidate. */
export const costForecast: Checker = async ({ scope, subject, extras }) => {
  const past = await pastOf(scope, subject.route)
  const purse = await purseOf(scope)
  const factor = factorOf(extras.impact)
  const days = purse?.days ?? OUTLOOK_DAYS
  const perDay = past.cost / 1_000_000 / WINDOW_DAYS
  const estimated = rounded(perDay * days * (factor ?? 1))
  const isOver = purse !== null && estimated > purse.remaining
  const forecast: CostForecast = {
    estimated_cost: estimated,
    budget_remaining: purse?.remaining ?? null,
    would_exceed_budget: isOver,
    warning: isOver ? `More than the ${purse.remaining} USD that are left` : null,
  }
  extras.cost_forecast = forecast
  const evidence = {
    ...forecast,
    days,
    runs_of_the_week: past.runs,
    cost_of_the_week: rounded(past.cost / 1_000_000),
    factor,
  }
  return verdict(forecast, purse?.isHard === false ? 'report' : subject.gate.cost.budget, evidence)
}
