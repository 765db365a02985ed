import { CircleCheck, Scale } from 'lucide-react'
import { formatExactMoney } from '@/components/ui/format'
import type { CostDashboard } from '@/lib/insights/contract'

export const LedgerNote = ({ cost }: { cost: CostDashboard }) => {
  const { ledger } = cost
  if (ledger.difference_micro_usd === 0)
    return (
      <p className="flex items-start gap-2 text-ink-muted text-meta">
        <CircleCheck aria-hidden className="mt-px size-3.5 shrink-0 text-ok" />
        The ledger says the same: {formatExactMoney(ledger.total_cost_micro_usd)}.
      </p>
    )
  return (
    <p className="flex items-start gap-2 text-ink-muted text-meta">
      <Scale aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>
        The ledger says {formatExactMoney(ledger.total_cost_micro_usd)},{' '}
        {formatExactMoney(Math.abs(ledger.difference_micro_usd))} {ledger.difference_micro_usd > 0 ? 'more' : 'less'}.{' '}
        {ledger.explanation}.
      </span>
    </p>
  )
}
