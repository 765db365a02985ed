import { dateOf } from '@/lib/core/clock'
import { Problem } from '@/lib/shared/problem'
import type { BudgetChange } from '../contract/budget'
import { type BudgetRow, isRolling } from './budgets'
import { periodAt } from './periods'
import { isTimeZone } from './zone'

export type BudgetRules = Pick<
  BudgetRow,
  | 'limitMicroUsd'
  | 'isHard'
  | 'alertBasisPoints'
  | 'perRunMicroUsd'
  | 'period'
  | 'timezone'
  | 'periodStart'
  | 'periodEnd'
>

const MICRO = 1_000_000
const BASIS = 10_000
const DEFAULT_BASIS = 8_000

const invalid = (field: string, message: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors: { [field]: [message] } })
}

const microOf = (usd: number): number => Math.round(usd * MICRO)

const conflicting = (...fields: string[]): never => {
  throw new Problem('conflicting_fields', undefined, { fields })
}

// `limit` alone, or a number in `hard_limit`, are other names of the budget; both together are its soft and hard limit.
const limitIn = (change: BudgetChange, before: BudgetRow | null): number => {
  const { budget_usd: budget, limit, hard_limit: hard } = change
  const amount = typeof hard === 'number' ? hard : limit
  if (budget !== undefined && amount !== undefined && microOf(budget) !== microOf(amount))
    conflicting('budget_usd', typeof hard === 'number' ? 'hard_limit' : 'limit')
  const given = budget ?? amount
  if (given !== undefined) return microOf(given)
  return before ? Number(before.limitMicroUsd) : invalid('budget_usd', 'is required where no budget is set')
}

const softIn = ({ soft_limit: soft, limit, hard_limit: hard }: BudgetChange): [string, number] | null => {
  if (soft !== undefined) return ['soft_limit', microOf(soft)]
  return limit !== undefined && typeof hard === 'number' && limit !== hard ? ['limit', microOf(limit)] : null
}

const thresholdIn = (change: BudgetChange, limit: number, before: BudgetRow | null): number => {
  const soft = softIn(change)
  const { alert_threshold: threshold } = change
  if (soft && soft[1] > limit) invalid(soft[0], 'must not be above the budget')
  const fromSoft = soft && Math.round((soft[1] / limit) * BASIS)
  const given = threshold === undefined ? null : Math.round(threshold * BASIS)
  if (fromSoft !== null && given !== null && fromSoft !== given) conflicting('alert_threshold', soft?.[0] ?? '')
  return given ?? fromSoft ?? before?.alertBasisPoints ?? DEFAULT_BASIS
}

type Span = Pick<BudgetRules, 'period' | 'timezone' | 'periodStart' | 'periodEnd'>

const explicit = (change: BudgetChange, timezone: string, before: BudgetRow | null): Span => {
  const kept = before?.period === 'custom' ? before : null
  const start = change.period_start === undefined ? (kept?.periodStart ?? null) : dateOf(change.period_start)
  const end = change.period_end === undefined ? (kept?.periodEnd ?? null) : dateOf(change.period_end)
  if (start === null) return invalid('period_start', 'is required for a custom period')
  if (end === null) return invalid('period_end', 'is required for a custom period')
  if (end <= start) return invalid('period_end', 'must be after period_start')
  return { period: 'custom', timezone, periodStart: start, periodEnd: end }
}

const spanIn = (change: BudgetChange, before: BudgetRow | null, now: Date): Span => {
  const timezone = change.timezone ?? before?.timezone ?? 'UTC'
  if (!isTimeZone(timezone)) invalid('timezone', 'must be an IANA time zone')
  const hasDates = change.period_start !== undefined || change.period_end !== undefined
  if (hasDates && change.period !== undefined && change.period !== 'custom') conflicting('period', 'period_start')
  const period = hasDates ? 'custom' : (change.period ?? before?.period ?? 'monthly')
  if (!isRolling(period)) return explicit(change, timezone, before)
  if (before && before.period === period && before.timezone === timezone && before.periodEnd && before.periodEnd > now)
    return { period, timezone, periodStart: before.periodStart, periodEnd: before.periodEnd }
  const { start, end } = periodAt(period, timezone, now)
  return { period, timezone, periodStart: start, periodEnd: end }
}

const capIn = ({ per_run_usd: cap }: BudgetChange, before: BudgetRow | null): bigint | null => {
  if (cap === undefined) return before?.perRunMicroUsd ?? null
  return cap === null ? null : BigInt(microOf(cap))
}

const hardIn = ({ hard_limit: hard }: BudgetChange, before: BudgetRow | null): boolean =>
  typeof hard === 'number' ? true : (hard ?? before?.isHard ?? true)

/** What a budget is after a change. What is not named stays as it was. */
export const changed = (change: BudgetChange, before: BudgetRow | null, now: Date): BudgetRules => {
  const limit = limitIn(change, before)
  return {
    limitMicroUsd: BigInt(limit),
    isHard: hardIn(change, before),
    alertBasisPoints: thresholdIn(change, limit, before),
    perRunMicroUsd: capIn(change, before),
    ...spanIn(change, before, now),
  }
}
