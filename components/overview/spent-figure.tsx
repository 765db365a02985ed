import { BudgetBar } from '@/components/budgets/budget-bar'
import { Figure } from '@/components/jobs/figure'
import { useMay } from '@/components/shell/viewer'
import { formatExactMoney, formatMoney } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OverviewView } from '@/lib/jobs/contract'

type Money = OverviewView['money']

export const SpentFigure = ({ money }: { money: Money }) => {
  const toBudgets = useMay('budget:view')
  if (money.budget) return <AgainstBudget budget={money.budget} />
  return (
    <Figure
      name="Spent this month"
      value={<span title={formatExactMoney(money.month_micro_usd)}>{formatMoney(money.month_micro_usd)}</span>}
      note={toBudgets ? 'no budget is set' : 'as the ledger says'}
      href={toBudgets ? '/ops/budgets' : '/ops/cost'}
    />
  )
}

const AgainstBudget = ({ budget }: { budget: NonNullable<Money['budget']> }) => (
  <Figure
    name="Spent of the budget"
    value={
      <span className="grid gap-1.5">
        <span title={formatExactMoney(budget.spent_micro_usd)}>
          {formatMoney(budget.spent_micro_usd)}{' '}
          <span className="font-normal text-ink-muted text-table tracking-normal">
            of {formatMoney(budget.budget_micro_usd)}
          </span>
        </span>
        <BudgetBar budget={budget} className="mb-0.5" />
      </span>
    }
    note={
      budget.period_end ? (
        <>
          {formatMoney(budget.reserved_micro_usd)} held, ends <RelativeTime iso={budget.period_end} />
        </>
      ) : (
        `${formatMoney(budget.reserved_micro_usd)} held`
      )
    }
    href="/ops/budgets?peek=tenant"
  />
)
