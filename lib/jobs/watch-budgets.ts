import { z } from 'zod'
import { rollStale, tellBudget } from '@/lib/governance'
import { defineJob } from './define-job'
import { type BudgetRef, staleBudgets, untoldBudgets } from './store-budgets'

const byTenant = (budgets: readonly BudgetRef[]): Map<string, string[]> => {
  const tenants = new Map<string, string[]>()
  for (const { tenantId, id } of budgets) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), id])
  return tenants
}

// Whoever spends does both at once where he meets them; here is what nobody spends from, and what was told to nobody.
export const watchBudgets = defineJob({
  kind: 'system.watch-budgets',
  means: 'Begins the periods of budgets that nobody spends from, and tells thresholds that were told to nobody',
  payload: z.object({}),
  timeoutMs: 60_000,
  everySeconds: () => 30,
  run: async (scope, _payload, { inTenant, signal }) => {
    for (const [tenantId, ids] of byTenant(await staleBudgets(scope.clock.now()))) {
      if (signal.aborted) return
      await rollStale(inTenant(tenantId), ids)
    }
    for (const [tenantId, ids] of byTenant(await untoldBudgets(scope.clock.now()))) {
      const place = inTenant(tenantId)
      for (const budget of await place.db.budget.findMany({ where: { id: { in: ids } } })) {
        if (signal.aborted) return
        await tellBudget(place, budget)
      }
    }
  },
})
