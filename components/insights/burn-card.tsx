'use client'

import { useRouter } from 'next/navigation'
import { scopeTraces } from '@/components/budgets/budget-words'
import { moneyAxis } from '@/components/chart/money-axis'
import type { Mark, Series, SeriesPoint } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { tracesHref } from '@/components/traces/trace-words'
import { formatMoney, formatUtc } from '@/components/ui/format'
import type { Burn } from '@/lib/insights/contract'
import { shortDay, untilEnd } from './insights-words'

const SPENT: Series = { id: 'spent', name: 'Spent', color: 'var(--accent-line)', kind: 'area' }
const AHEAD: Series = {
  id: 'projected',
  name: 'At this pace',
  color: 'var(--warn)',
  kind: 'line',
  dash: '4 3',
  isSmooth: true,
}
const HIGHEST = 6

const labelOf = (at: string, bucket: Burn['bucket']): string => (bucket === 'hour' ? at.slice(11, 16) : shortDay(at))

const pointsOf = ({ points, bucket }: Burn): SeriesPoint[] =>
  points.map((point) => ({
    key: point.at,
    label: labelOf(point.at, bucket),
    title: formatUtc(point.at),
    values: { spent: point.spent_micro_usd, projected: point.projected_micro_usd },
  }))

const marksOf = (burn: Burn, highest: number): Mark[] => {
  const limit = burn.budget_micro_usd
  const warning = limit * burn.alert_threshold
  const marks = [
    { id: 'limit', value: limit, text: burn.hard_limit ? 'hard limit' : 'soft limit', color: 'var(--bad)' },
    { id: 'warning', value: warning, text: 'warning', color: 'var(--ink-muted)' },
  ]
  return marks.filter(({ value }) => value > 0 && (highest === 0 || value <= highest * HIGHEST))
}

const endsAs = (burn: Burn): string => {
  const projected = formatMoney(burn.projected_micro_usd)
  if (burn.spent_micro_usd >= burn.budget_micro_usd) return `All of ${formatMoney(burn.budget_micro_usd)} is spent.`
  if (burn.runs_out_at) return `At this pace it is used up on ${formatUtc(burn.runs_out_at)}.`
  return `At this pace ${projected} of ${formatMoney(burn.budget_micro_usd)} by ${shortDay(untilEnd(burn.period_end))}.`
}

// The runs between the point before and this one.
const runsUntil =
  (burn: Burn) =>
  (at: string): string => {
    const before = burn.points[burn.points.findIndex((point) => point.at === at) - 1]?.at ?? burn.period_start
    return tracesHref({ ...scopeTraces(burn.scope), start_date: before, end_date: untilEnd(at) })
  }

export const BurnCard = ({ burn, title = 'Budget burn-down' }: { burn: Burn; title?: string }) => {
  const router = useRouter()
  const hrefOf = runsUntil(burn)
  const highest = Math.max(burn.spent_micro_usd, burn.projected_micro_usd)
  const marks = marksOf(burn, highest)
  return (
    <SeriesFrame
      title={title}
      summary={`${formatMoney(burn.spent_micro_usd)} spent, ${formatMoney(burn.reserved_micro_usd)} held. ${endsAs(burn)}`}
      keyName="Until"
      series={[SPENT, AHEAD]}
      points={pointsOf(burn)}
      format={formatMoney}
      formatAxis={moneyAxis(Math.max(highest, ...marks.map(({ value }) => value)))}
      marks={marks}
      hrefOf={hrefOf}
      onOpen={(at) => router.push(hrefOf(at))}
    />
  )
}
