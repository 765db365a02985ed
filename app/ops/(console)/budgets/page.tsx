import type { Metadata } from 'next'
import { BudgetsScreen } from '@/components/budgets/budgets-screen'
import { listBudgets } from '@/lib/governance'
import { opsListBudgets } from '@/lib/governance/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'Budgets' }

export default consolePage('/ops/budgets', 'budget:view', opsListBudgets, (scope, query, input) => (
  <Prefetch of={opsListBudgets} input={{ query: input.query }} load={() => listBudgets(scope, query)}>
    <BudgetsScreen />
  </Prefetch>
))
