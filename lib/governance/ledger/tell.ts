import { eventWrite } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandResult, CommandWrite } from '@/lib/core/writer'
import { usdOf } from '@/lib/shared/money'
import { subjectOf } from './budget-key'
import { type BudgetRow, isStale } from './budgets'
import { isNear, isOver, percentOf, sumsOf } from './judge'
import { noteExcess, noteWarning } from './sql-roll'

const TOPIC = 'budget.threshold'

const factsOf = (budget: BudgetRow) => {
  const { limit, spent, reserved } = sumsOf(budget)
  return {
    scope: budget.id,
    budget_usd: usdOf(limit),
    spent_usd: usdOf(spent),
    reserved_usd: usdOf(reserved),
    percent_used: Math.round(percentOf(budget) * 10) / 10,
    alert_threshold: budget.alertBasisPoints / 10_000,
    hard_limit: budget.isHard,
    period_start: budget.periodStart?.toISOString() ?? null,
    period_end: budget.periodEnd?.toISOString() ?? null,
  }
}

const placeOf = (budget: BudgetRow): { workspaceId?: string } => {
  const subject = subjectOf(budget.id)
  const workspaceId = 'workspaceId' in subject ? subject.workspaceId : null
  return workspaceId === null ? {} : { workspaceId }
}

// Whoever listens may know less than the budget: the figures are asked for where they may be seen.
const newsOf = (budget: BudgetRow) => {
  const { workspaceId } = placeOf(budget)
  return { scope: budget.id, ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }) }
}

const writesOf = (scope: Scope, budget: BudgetRow, level: 'warning' | 'exceeded'): CommandWrite[] => {
  if (budget.periodEnd === null) return []
  const row = { id: budget.id, now: storedTime(scope.clock.now()), end: storedTime(budget.periodEnd) }
  return [
    { statement: level === 'warning' ? noteWarning : noteExcess, rows: [row], guard: true },
    eventWrite(TOPIC, { level, ...newsOf(budget) }),
  ]
}

const tellWarning = (scope: Scope, budget: BudgetRow) =>
  scope.command({
    audit: [
      {
        event: 'budget_warning',
        entityId: budget.id,
        ...placeOf(budget),
        data: { ...factsOf(budget), message: `Budget usage at ${percentOf(budget).toFixed(1)}% - approaching limit` },
      },
    ],
    writes: writesOf(scope, budget, 'warning'),
  })

const isExceeded = (budget: BudgetRow): boolean => {
  const { limit, spent, reserved } = sumsOf(budget)
  return spent + reserved > limit
}

/** Once per budget and period, by whoever sees it first: the threshold is reached, the limit is passed. */
export const tellBudget = async (scope: Scope, budget: BudgetRow): Promise<void> => {
  const now = scope.clock.now()
  if (isOver(budget, now) || isStale(budget, now)) return
  if (budget.warnedAt === null && isNear(budget)) await tellWarning(scope, budget)
  if (isExceeded(budget)) await tellExceeded(scope, budget)
}

/** Once per budget and period: nothing fits any more, or a soft limit is passed. */
export const tellExceeded = async (scope: Scope, budget: BudgetRow): Promise<void> => {
  if (budget.exceededAt === null) await scope.command({ audit: [], writes: writesOf(scope, budget, 'exceeded') })
}

/** What the reservation itself has seen. Telling it must never undo what was reserved. */
export const tellCrossed = async (scope: Scope, { results }: CommandResult): Promise<void> => {
  const crossed = results.flat().flatMap(({ budget }) => (typeof budget === 'string' ? [budget] : []))
  if (crossed.length === 0) return
  try {
    const budgets = await scope.db.budget.findMany({ where: { id: { in: crossed } } })
    for (const budget of budgets) await tellBudget(scope, budget)
  } catch (error) {
    scope.log.warn('a budget threshold could not be told yet', { error })
  }
}
