import { usdOf } from '@/lib/shared/money'
import { toWireOrNull } from '@/lib/shared/time'
import type { Budget, BudgetView } from '../contract/budget'
import type { BudgetRow } from './budgets'
import { isOver, percentOf, sumsOf } from './judge'

const DAY_MS = 86_400_000
const BASIS = 10_000

export const presentBudget = (row: BudgetRow, now: Date): Budget => {
  const { limit, spent, reserved } = sumsOf(row)
  return {
    tenant_id: row.tenantId,
    scope: row.id,
    budget_usd: usdOf(limit),
    budget_micro_usd: limit,
    spent_usd: usdOf(spent),
    spent_micro_usd: spent,
    reserved_usd: usdOf(reserved),
    reserved_micro_usd: reserved,
    remaining_usd: isOver(row, now) ? 0 : usdOf(Math.max(0, limit - spent - reserved)),
    period: row.period as Budget['period'],
    timezone: row.timezone,
    period_start: toWireOrNull(row.periodStart),
    period_end: toWireOrNull(row.periodEnd),
    hard_limit: row.isHard,
    alert_threshold: row.alertBasisPoints / BASIS,
    per_run_usd: row.perRunMicroUsd === null ? null : usdOf(row.perRunMicroUsd),
    warned_at: toWireOrNull(row.warnedAt),
    exceeded_at: toWireOrNull(row.exceededAt),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

const daysBetween = (from: Date | null, to: Date | null): number =>
  from === null || to === null ? 0 : Math.max(0, Math.ceil((to.getTime() - from.getTime()) / DAY_MS))

export const statsOf = (row: BudgetRow, now: Date): BudgetView['stats'] => {
  const { limit, spent, reserved } = sumsOf(row)
  const daily = spent / Math.max(1, daysBetween(row.periodStart, now))
  const daysLeft = daysBetween(now, row.periodEnd)
  const isPast = isOver(row, now)
  return {
    total_budget: usdOf(limit),
    total_spent: usdOf(spent),
    remaining: isPast ? 0 : usdOf(Math.max(0, limit - spent - reserved)),
    percent_used: isPast ? 100 : percentOf(row),
    average_daily_spend: usdOf(Math.round(daily)),
    projected_month_end: usdOf(Math.round(spent + daily * daysLeft)),
    days_remaining: daysLeft,
  }
}

export const alertsOf = (row: BudgetRow): BudgetView['alerts'] => {
  const limit = Number(row.limitMicroUsd)
  return {
    soft_limit: usdOf(Math.round((limit * row.alertBasisPoints) / BASIS)),
    hard_limit: row.isHard ? usdOf(limit) : null,
  }
}
