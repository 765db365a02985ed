import type { ProblemCode } from '@/lib/shared/problem'
import { type BudgetRow, isRolling } from './budgets'

// What a run has cost and holds, for budgets that cap a single run.
export type OfRun = { spent: number; reserved: number }

export type Refusal = {
  budget: BudgetRow
  scope: string
  code: Extract<ProblemCode, 'budget_exhausted' | 'budget_in_flight' | 'request_exceeds_budget'>
  reason: 'budget_exceeded' | 'period_expired'
  limit: number
  spent: number
  reserved: number
  resetsAt: Date | null
}

export const isOver = ({ period, periodEnd }: BudgetRow, now: Date): boolean =>
  !isRolling(period) && periodEnd !== null && periodEnd <= now

export const isAhead = ({ period, periodStart }: BudgetRow, now: Date): boolean =>
  !isRolling(period) && periodStart !== null && periodStart > now

type Sums = { limit: number; spent: number; reserved: number }

// It can never fit, the money is gone, or others hold the rest.
const codeOf = (amount: number, { limit, spent }: Sums): Refusal['code'] =>
  amount > limit ? 'request_exceeds_budget' : spent + amount > limit ? 'budget_exhausted' : 'budget_in_flight'

export const sumsOf = (budget: BudgetRow): Sums => ({
  limit: Number(budget.limitMicroUsd),
  spent: Number(budget.spentMicroUsd),
  reserved: Number(budget.reservedMicroUsd),
})

const ofBudget = (budget: BudgetRow, amount: number, now: Date): Refusal | null => {
  if (!budget.isHard || isAhead(budget, now)) return null
  const sums = sumsOf(budget)
  const about = { budget, scope: budget.id, ...sums }
  if (isOver(budget, now)) return { ...about, code: 'budget_exhausted', reason: 'period_expired', resetsAt: null }
  if (sums.spent + sums.reserved + amount <= sums.limit) return null
  const resetsAt = isRolling(budget.period) ? budget.periodEnd : null
  return { ...about, code: codeOf(amount, sums), reason: 'budget_exceeded', resetsAt }
}

const ofCap = (budget: BudgetRow, amount: number, { spent, reserved }: OfRun): Refusal | null => {
  if (budget.perRunMicroUsd === null) return null
  const limit = Number(budget.perRunMicroUsd)
  if (spent + reserved + amount <= limit) return null
  const about = { budget, limit, spent, reserved, resetsAt: null }
  return { ...about, scope: 'run', code: 'request_exceeds_budget', reason: 'budget_exceeded' }
}

const SEVERITY: Record<Refusal['code'], number> = {
  request_exceeds_budget: 2,
  budget_exhausted: 1,
  budget_in_flight: 0,
}

/** Why it does not fit, or null. Of several budgets the one that waiting helps least, then the widest. */
export const refusalAmong = (
  budgets: readonly BudgetRow[],
  amount: number,
  now: Date,
  ofRun: OfRun = { spent: 0, reserved: 0 },
): Refusal | null => {
  const found = budgets.flatMap((budget) => [ofBudget(budget, amount, now), ofCap(budget, amount, ofRun)])
  const refusals = found.filter((refusal) => refusal !== null)
  return refusals.reduce<Refusal | null>(
    (worst, next) => (worst && SEVERITY[worst.code] >= SEVERITY[next.code] ? worst : next),
    null,
  )
}

/** Whether the threshold is reached, of which people are told. */
export const isNear = (budget: BudgetRow, more = 0): boolean => {
  const { limit, spent, reserved } = sumsOf(budget)
  return (spent + reserved + more) * 10_000 >= limit * budget.alertBasisPoints
}

export const percentOf = (budget: BudgetRow): number => {
  const { limit, spent, reserved } = sumsOf(budget)
  return limit === 0 ? 100 : (100 * (spent + reserved)) / limit
}

const NO_REFUSAL = { reason: undefined, code: undefined, resetsAt: null }

/** What would become of an estimate under one budget, for those who ask before they spend. */
export const weighBudget = (budget: BudgetRow, estimate: number, now: Date) => {
  const { limit, spent, reserved } = sumsOf(budget)
  const isPast = isOver(budget, now)
  const remaining = isPast ? 0 : Math.max(0, limit - spent - reserved)
  const isExceeded = isPast || (!isAhead(budget, now) && spent + reserved + estimate > limit)
  const refusal = refusalAmong([{ ...budget, perRunMicroUsd: null }], estimate, now)
  const percent = isPast ? 100 : percentOf(budget)
  const near = isNear(budget) ? `Budget usage at ${percent.toFixed(1)}% - approaching limit` : undefined
  const warning = isExceeded ? (budget.isHard ? 'Exceeds hard limit' : 'Budget exceeded - soft limit') : near
  return { remaining, percent, isExceeded, allowed: refusal === null, warning, ...(refusal ?? NO_REFUSAL) }
}
