import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { BudgetView } from '../contract/budget'
import { WHOLE_TENANT } from './budget-key'
import { readBudgets } from './budgets'
import { alertsOf, presentBudget, statsOf } from './present-budget'
import { assertMaySee } from './reach'

export const noBudget = (key: string): never => {
  const text = key === WHOLE_TENANT ? 'No budget set for this tenant' : 'No budget set for this scope'
  throw new Problem('not_found', text, { scope: key })
}

export const getBudget = async (scope: Scope, query: { scope: string }): Promise<BudgetView> => {
  assertMaySee(scope, query.scope)
  const [row] = await readBudgets(scope, [query.scope])
  if (!row) return noBudget(query.scope)
  const now = scope.clock.now()
  return { tenant_id: scope.tenantId, budget: presentBudget(row, now), stats: statsOf(row, now), alerts: alertsOf(row) }
}
