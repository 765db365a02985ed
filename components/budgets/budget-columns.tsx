import { CircleCheck, OctagonX, TriangleAlert } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Money } from '@/components/traces/trace-cells'
import { Badge } from '@/components/ui/badge'
import { formatMoney } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Budget, BudgetList } from '@/lib/governance/contract'
import { BudgetBar, levelOf, usedPercent } from './budget-bar'
import { PERIODS, scopeKind, scopeName } from './budget-words'

export type BudgetEntry = BudgetList['budgets'][number]

const STATES = {
  ok: { tone: 'ok', icon: CircleCheck, word: 'Within' },
  near: { tone: 'warn', icon: TriangleAlert, word: 'Near its limit' },
  over: { tone: 'bad', icon: OctagonX, word: 'Used up' },
} as const

export const BudgetState = ({ budget }: { budget: Budget }) => {
  const look = STATES[levelOf(budget)]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  )
}

export const percentText = (budget: Budget): string => {
  const used = usedPercent(budget)
  return used > 0 && used < 0.1 ? '<0.1 %' : `${used.toFixed(1)} %`
}

export const BUDGET_COLUMNS: readonly Column<BudgetEntry>[] = [
  {
    id: 'scope',
    header: 'Scope',
    lead: true,
    cell: (budget) => (
      <span className="truncate" title={budget.scope}>
        {scopeName(budget.scope)} <span className="text-ink-muted text-meta">{scopeKind(budget.scope)}</span>
      </span>
    ),
  },
  { id: 'state', header: 'State', from: 'medium', cell: (budget) => <BudgetState budget={budget} /> },
  {
    id: 'used',
    header: 'Used',
    className: 'w-[24%] min-w-28',
    cell: (budget) => (
      <span className="flex items-center gap-2">
        <BudgetBar budget={budget} className="min-w-12 grow" />
        <span className="w-14 shrink-0 text-right">{percentText(budget)}</span>
      </span>
    ),
  },
  {
    id: 'spent',
    header: 'Spent',
    align: 'right',
    from: 'medium',
    cell: (budget) => <Money micro={budget.spent_micro_usd} />,
  },
  {
    id: 'held',
    header: 'Held',
    align: 'right',
    from: 'wide',
    cell: (budget) => <Money micro={budget.reserved_micro_usd} />,
  },
  {
    id: 'limit',
    header: 'Limit',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (budget) => (
      <span title={budget.hard_limit ? 'Nothing above it is spent' : 'People are told, nothing is stopped'}>
        {formatMoney(budget.budget_micro_usd)}{' '}
        <span className="text-ink-muted text-meta @max-[520px]/table:hidden">
          {PERIODS[budget.period].each}, {budget.hard_limit ? 'hard' : 'soft'}
        </span>
      </span>
    ),
  },
  {
    id: 'resets',
    header: 'Ends',
    align: 'right',
    from: 'wide',
    className: 'whitespace-nowrap',
    cell: (budget) => (budget.period_end ? <RelativeTime iso={budget.period_end} className="text-ink-soft" /> : '–'),
  },
]
