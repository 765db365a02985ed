'use client'

import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { BurnCard } from '@/components/insights/burn-card'
import { useBurnDown } from '@/components/insights/use-insights'
import { useMay } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { tracesHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { formatMoney, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { BudgetBar } from './budget-bar'
import { type BudgetEntry, BudgetState, percentText } from './budget-columns'
import { BudgetDeleteDialog } from './budget-delete-dialog'
import { BudgetDialog } from './budget-dialog'
import { BudgetHistory } from './budget-history'
import { BudgetReservations } from './budget-reservations'
import { PERIODS, scopeTraces } from './budget-words'

const MICRO = 1_000_000

const warnsAt = ({ budget_micro_usd: limit, alert_threshold: threshold }: BudgetEntry): string =>
  `${formatMoney(limit * threshold)}, at ${Math.round(threshold * 10_000) / 100} %`

const factsOf = (budget: BudgetEntry) => [
  { name: 'State', value: <BudgetState budget={budget} /> },
  {
    name: 'Limit',
    value: `${formatMoney(budget.budget_micro_usd)} ${PERIODS[budget.period].each}, ${budget.hard_limit ? 'hard: what does not fit is refused' : 'soft: people are told, nothing is stopped'}`,
  },
  { name: 'Left', value: formatMoney(budget.remaining_usd * MICRO) },
  { name: 'Warns', value: warnsAt(budget) },
  {
    name: 'One run',
    value: budget.per_run_usd === null ? 'may use all of it' : `at most ${formatMoney(budget.per_run_usd * MICRO)}`,
  },
  ...(budget.period_start && budget.period_end
    ? [
        { name: 'Period', value: `${formatUtc(budget.period_start)} to ${formatUtc(budget.period_end)}` },
        {
          name: budget.period === 'custom' ? 'Ends' : 'Begins anew',
          value: (
            <>
              <RelativeTime iso={budget.period_end} />, by the clock of {budget.timezone}
            </>
          ),
        },
      ]
    : []),
  ...(budget.warned_at ? [{ name: 'Warned', value: formatUtc(budget.warned_at) }] : []),
  ...(budget.exceeded_at ? [{ name: 'Used up', value: formatUtc(budget.exceeded_at) }] : []),
]

export const BudgetDetail = ({ budget }: { budget: BudgetEntry }) => (
  <div className="grid gap-5">
    <div className="grid gap-1.5">
      <p className="flex items-baseline justify-between gap-2">
        <span className="font-semibold text-figure text-ink">{percentText(budget)}</span>
        <a
          href={tracesHref({
            ...scopeTraces(budget.scope),
            ...(budget.period_start ? { start_date: budget.period_start } : {}),
          })}
          className="text-accent text-table underline-offset-2 hover:underline"
        >
          Its runs
        </a>
      </p>
      <BudgetBar budget={budget} />
      <p className="text-ink-muted text-meta">
        {formatMoney(budget.spent_micro_usd)} spent, {formatMoney(budget.reserved_micro_usd)} held by running calls
      </p>
    </div>
    <Facts facts={factsOf(budget)} />
    <Burn scope={budget.scope} />
    <BudgetReservations budget={budget} />
    <BudgetHistory history={budget.history} />
    <Acts budget={budget} />
  </div>
)

const Burn = ({ scope }: { scope: string }) => {
  const { data, error } = useBurnDown(scope)
  if (data?.burn) return <BurnCard burn={data.burn} title="Burn-down" />
  if (error) return <ErrorLine error={error} />
  return data ? null : <Skeleton className="h-[314px] w-full rounded-md" />
}

const Acts = ({ budget }: { budget: BudgetEntry }) => {
  const mayChange = useMay('budget:modify')
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null)
  if (!mayChange) return <p className="text-ink-muted text-table">To change it needs a release manager.</p>
  const toggle = (dialog: 'edit' | 'delete') => (isOpen: boolean) => setOpen(isOpen ? dialog : null)
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setOpen('edit')}>
        <Pencil aria-hidden className="size-3.5" /> Change…
      </Button>
      <Button look="danger" onClick={() => setOpen('delete')}>
        <Trash2 aria-hidden className="size-3.5" /> Delete…
      </Button>
      <BudgetDialog budget={budget} scope={budget.scope} open={open === 'edit'} onOpenChange={toggle('edit')} />
      <BudgetDeleteDialog scope={budget.scope} open={open === 'delete'} onOpenChange={toggle('delete')} />
    </div>
  )
}
