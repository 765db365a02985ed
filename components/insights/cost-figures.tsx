import { Figure } from '@/components/jobs/figure'
import { formatCount, formatExactMoney, formatMoney } from '@/components/ui/format'
import type { Burn, CostDashboard } from '@/lib/insights/contract'
import { dayOfWire, shortDay, untilEnd } from './insights-words'

type CostFiguresProps = { cost: CostDashboard; burn: Burn | null; maySee: boolean; tracesHref: string }

const exact = (micro: number) => <span title={formatExactMoney(micro)}>{formatMoney(micro)}</span>

const perRun = ({ total_cost_micro_usd: cost, trace_count: runs }: CostDashboard): string =>
  runs === 0 ? 'no run yet' : `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}, ${formatMoney(cost / runs)} each`

export const CostFigures = ({ cost, burn, maySee, tracesHref }: CostFiguresProps) => {
  const { forecast, coverage } = cost
  const lastDay = shortDay(untilEnd(forecast.period_end))
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line rail:grid-cols-4">
      <Figure
        name={`Since ${shortDay(coverage.time_window.start)}`}
        value={exact(cost.total_cost_micro_usd)}
        note={perRun(cost)}
        href={tracesHref}
      />
      <Figure
        name="Charged this month"
        value={exact(forecast.spent_micro_usd)}
        note={`${formatMoney(forecast.average_daily_micro_usd)} a day, from the ledger`}
        href={null}
      />
      <Figure
        name={`By ${lastDay}, at this pace`}
        value={exact(forecast.projected_micro_usd)}
        note={`${formatMoney(forecast.projected_recent_micro_usd)} at the pace of the last week`}
        href={null}
      />
      {burn ? <Left burn={burn} /> : <NoLimit maySee={maySee} />}
    </dl>
  )
}

const Left = ({ burn }: { burn: Burn }) => {
  const left = burn.budget_micro_usd - burn.spent_micro_usd - burn.reserved_micro_usd
  return (
    <Figure
      name="Left of the budget"
      value={
        <span title={formatExactMoney(left)} className={left <= 0 ? 'text-bad' : ''}>
          {formatMoney(left)}
        </span>
      }
      note={`of ${formatMoney(burn.budget_micro_usd)}, until ${dayOfWire(untilEnd(burn.period_end))}`}
      href="/ops/budgets"
    />
  )
}

const NoLimit = ({ maySee }: { maySee: boolean }) => (
  <Figure
    name="Left of the budget"
    value="–"
    note={maySee ? 'no budget is set' : 'to see it needs an operator'}
    href={maySee ? '/ops/budgets' : null}
  />
)
