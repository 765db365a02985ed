'use client'

import { Plus, Wallet } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { type BudgetList, opsListBudgets } from '@/lib/governance/contract'
import { BUDGET_COLUMNS } from './budget-columns'
import { BudgetDetail } from './budget-detail'
import { BudgetDialog } from './budget-dialog'
import { BudgetPages } from './budget-pages'
import { BUDGETS_TEXT, scopeName } from './budget-words'
import { ChargesCard } from './charges-card'
import { CheckCard } from './check-card'
import { LedgerProof } from './ledger-proof'
import { PriceCard } from './price-card'
import { useBudgets } from './use-budgets'

export const BudgetsScreen = () => {
  const filters = useFilters(opsListBudgets)
  const query = useBudgets(filters.wire)
  const peek = usePeek()
  const peeked = query.data?.budgets.find((budget) => budget.scope === peek.id)
  return (
    <>
      <PageHeader title="Budgets" text={BUDGETS_TEXT}>
        <LedgerProof />
        <NewBudget />
      </PageHeader>
      <div className="flex items-start gap-4">
        <div className="grid min-w-0 grow gap-4">
          <section aria-label="Budgets" className="@container/table rounded-md border border-line bg-surface">
            <QueryView
              query={query}
              what="The budgets"
              stillWorks="They hold all the same: what cannot be checked is refused."
              skeleton={<TableSkeleton columns={BUDGET_COLUMNS} rows={4} />}
            >
              {(list) => <Budgets list={list} filters={filters} stale={query.isPlaceholderData} />}
            </QueryView>
          </section>
          <div className="grid items-start gap-4 sheet:grid-cols-2">
            <CheckCard />
            <ChargesCard />
          </div>
          <PriceCard />
        </div>
        <PeekPanel peek={peek} title={peek.id ? scopeName(peek.id) : ''}>
          {peeked ? (
            <BudgetDetail key={peeked.scope} budget={peeked} />
          ) : (
            <p className="text-ink-muted text-table">{query.data ? 'There is no such budget.' : 'One moment.'}</p>
          )}
        </PeekPanel>
      </div>
    </>
  )
}

const useNew = () => useQueryState('new', parseAsString)

// Open while the address says so, so that other pages lead to it.
const NewBudget = () => {
  const mayChange = useMay('budget:modify')
  const [scope, setScope] = useNew()
  const peek = usePeek()
  if (!mayChange) return null
  return (
    <>
      <Button look="primary" onClick={() => void setScope('tenant')}>
        <Plus aria-hidden className="size-3.5" /> Set a budget…
      </Button>
      <BudgetDialog
        key={scope ?? ''}
        budget={null}
        scope={scope ?? 'tenant'}
        open={scope !== null}
        onOpenChange={(open) => (open ? null : void setScope(null))}
        onSaved={peek.open}
      />
    </>
  )
}

const Budgets = ({ list, filters, stale }: { list: BudgetList; filters: Filters; stale: boolean }) => {
  if (list.budgets.length === 0) return <NoBudgets />
  return (
    <>
      <DataTable
        caption="Budgets of this tenant"
        columns={BUDGET_COLUMNS}
        rows={list.budgets}
        rowId={(budget) => budget.scope}
        stale={stale}
      />
      <BudgetPages list={list} filters={filters} />
    </>
  )
}

const NoBudgets = () => {
  const mayChange = useMay('budget:modify')
  const [, setScope] = useNew()
  return (
    <EmptyState
      icon={Wallet}
      title="No budget is set"
      text="Everything that runs is charged and recorded, but nothing is stopped. A budget holds the cost of every step before it is made, so that it is never spent twice."
      {...(mayChange
        ? { action: <Button onClick={() => void setScope('tenant')}>Set a budget for the whole tenant…</Button> }
        : { action: <p className="text-ink-muted text-table">To set one needs a release manager.</p> })}
    />
  )
}
