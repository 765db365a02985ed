import type { Scope } from '@/lib/core/scope'
import { usdOf } from '@/lib/shared/money'
import type { BudgetAnswer, BudgetQuestion } from '../contract/budget'
import { WHOLE_TENANT } from './budget-key'
import { type BudgetRow, readBudgets } from './budgets'
import { weighBudget } from './judge'
import { presentBudget } from './present-budget'
import { maySee } from './reach'

const keysOf = ({
  workspace_id: workspace,
  environment,
  agent_role: role,
  user_id: user,
}: BudgetQuestion): string[] => [
  WHOLE_TENANT,
  ...(workspace === undefined ? [] : [`workspace:${workspace}`]),
  ...(environment === undefined ? [] : [`environment:${environment}`]),
  ...(workspace === undefined || environment === undefined ? [] : [`environment:${workspace}/${environment}`]),
  ...(role === undefined ? [] : [`role:${role}`]),
  ...(user === undefined ? [] : [`user:${user}`]),
]

const free = (requested: number): BudgetAnswer => ({
  allowed: true,
  scope: null,
  budget: null,
  remaining: null,
  percent_used: 0,
  requested,
  remaining_after: null,
  warnings: [],
  reason: 'no_budget_set',
})

type Weighed = ReturnType<typeof weighBudget> & { row: BudgetRow }

// The one that says no; of those that do not, the one with least room.
const decisive = (weighed: readonly Weighed[]): Weighed | undefined =>
  weighed.find(({ allowed }) => !allowed) ?? [...weighed].sort((a, b) => a.remaining - b.remaining)[0]

const reasonOf = ({ isExceeded, reason, row }: Weighed, now: Date): Pick<BudgetAnswer, 'reason'> => {
  if (reason !== undefined) return { reason }
  const isPast = row.period === 'custom' && row.periodEnd !== null && row.periodEnd <= now
  if (isPast) return { reason: 'period_expired' }
  return isExceeded ? { reason: 'budget_exceeded' } : {}
}

/** What would become of a cost. It holds nothing: by the time that it is spent, others may have been faster. */
export const checkBudget = async (scope: Scope, question: BudgetQuestion): Promise<BudgetAnswer> => {
  const amount = Math.round(question.estimated_cost * 1_000_000)
  const requested = usdOf(amount)
  const now = scope.clock.now()
  const rows = await readBudgets(
    scope,
    keysOf(question).filter((key) => maySee(scope, key)),
  )
  const weighed = rows.map((row) => ({ ...weighBudget(row, amount, now), row }))
  const found = decisive(weighed)
  if (!found) return free(requested)
  const { row, allowed, remaining, percent, warning, code, resetsAt } = found
  return {
    allowed,
    scope: row.id,
    budget: presentBudget(row, now),
    remaining: usdOf(remaining),
    percent_used: percent,
    requested,
    remaining_after: usdOf(Math.max(0, remaining - amount)),
    warnings: [...new Set(weighed.flatMap(({ warning: one, allowed: fits }) => (one && fits ? [one] : [])))],
    ...reasonOf(found, now),
    ...(warning === undefined || !allowed ? {} : { warning }),
    ...(allowed ? {} : { error: 'Exceeds hard limit', ...(code === undefined ? {} : { code }) }),
    ...(resetsAt === null || allowed ? {} : { resets_at: resetsAt.toISOString() }),
  }
}
