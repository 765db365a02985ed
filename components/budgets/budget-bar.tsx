import { cn } from '@/components/ui/cn'
import { formatMoney } from '@/components/ui/format'
import type { Budget } from '@/lib/governance/contract'

type Sums = Pick<
  Budget,
  'budget_micro_usd' | 'spent_micro_usd' | 'reserved_micro_usd' | 'alert_threshold' | 'hard_limit'
>

export const usedPercent = ({
  budget_micro_usd: limit,
  spent_micro_usd: spent,
  reserved_micro_usd: held,
}: Sums): number => (limit === 0 ? 100 : (100 * (spent + held)) / limit)

export const levelOf = (budget: Sums): 'ok' | 'near' | 'over' => {
  const used = usedPercent(budget)
  if (used >= 100) return 'over'
  return used >= 100 * budget.alert_threshold ? 'near' : 'ok'
}

const FILLS = { ok: 'bg-accent-line', near: 'bg-warn', over: 'bg-bad' } as const

const width = (part: number, whole: number): string => `${whole === 0 ? 0 : Math.min(100, (100 * part) / whole)}%`

// What is spent, then what is held; the tick is where people are told.
export const BudgetBar = ({ budget, className }: { budget: Sums; className?: string }) => {
  const { budget_micro_usd: limit, spent_micro_usd: spent, reserved_micro_usd: held } = budget
  const words = `${formatMoney(spent)} spent and ${formatMoney(held)} held of ${formatMoney(limit)}`
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={cn('relative block h-2 overflow-hidden rounded-sm bg-sunken ring-1 ring-line ring-inset', className)}
    >
      <span className="absolute inset-0 flex">
        <span className={FILLS[levelOf(budget)]} style={{ width: width(spent, limit) }} />
        <span className="bg-info opacity-60" style={{ width: width(held, limit) }} />
      </span>
      {budget.alert_threshold < 1 ? (
        <span className="absolute inset-y-0 w-px bg-ink-muted" style={{ left: `${100 * budget.alert_threshold}%` }} />
      ) : null}
    </span>
  )
}
