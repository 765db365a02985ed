'use client'

import { useRouter } from 'next/navigation'
import { moneyAxis } from '@/components/chart/money-axis'
import type { Series, SeriesPoint } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { formatCount, formatDuration, formatMoney, formatShortCount } from '@/components/ui/format'
import type { Wire } from '@/lib/shared/api-client'
import type { OpsTraceStats, StatsPoint } from '@/lib/tracing/contract'
import { bucketLabel, bucketTitle, bucketWindow, evidenceHref } from './stats-window'

const RUNS: readonly Series[] = [
  { id: 'success', name: 'Succeeded', color: 'var(--accent-line)', kind: 'bar' },
  { id: 'other', name: 'Cancelled or running', color: 'var(--line-strong)', kind: 'bar' },
  { id: 'failed', name: 'Failed', color: 'var(--bad)', kind: 'bar' },
]
const COST: readonly Series[] = [{ id: 'cost', name: 'Cost', color: 'var(--accent-line)', kind: 'bar' }]
const TOKENS: readonly Series[] = [{ id: 'tokens', name: 'Tokens', color: 'var(--model)', kind: 'bar' }]
const TIMES: readonly Series[] = [
  { id: 'p50', name: 'Median', color: 'var(--accent-line)', kind: 'line' },
  { id: 'p95', name: '95 of 100 within', color: 'var(--warn)', kind: 'line', dash: '4 3' },
]

const valuesOf = (point: StatsPoint): SeriesPoint['values'] => {
  const failed = (point.by_status['error'] ?? 0) + (point.by_status['timeout'] ?? 0)
  const success = point.by_status['success'] ?? 0
  return {
    success,
    failed,
    other: point.traces - failed - success,
    cost: point.total_cost_micro_usd,
    tokens: point.total_tokens,
    p50: point.p50_duration_ms,
    p95: point.p95_duration_ms,
  }
}

const only = (points: readonly SeriesPoint[], series: readonly Series[]): SeriesPoint[] =>
  points.map((point) => ({
    ...point,
    values: Object.fromEntries(series.map(({ id }) => [id, point.values[id] ?? null])),
  }))

const busiest = (points: readonly StatsPoint[], bucket: 'hour' | 'day'): string => {
  const top = points.reduce<StatsPoint | null>((best, one) => (best && best.traces >= one.traces ? best : one), null)
  return top && top.traces > 0
    ? `Most in one ${bucket}: ${formatCount(top.traces)}, ${bucketTitle(top.at, bucket)}.`
    : 'No run in this time.'
}

const dearest = (points: readonly StatsPoint[], bucket: 'hour' | 'day'): string => {
  const top = Math.max(0, ...points.map((point) => point.total_cost_micro_usd))
  return top > 0 ? `At most ${formatMoney(top)} in one ${bucket}.` : 'Nothing was spent in this time.'
}

const mostTokens = (points: readonly StatsPoint[], bucket: 'hour' | 'day'): string => {
  const top = Math.max(0, ...points.map((point) => point.total_tokens))
  return top > 0 ? `At most ${formatShortCount(top)} in one ${bucket}.` : 'No tokens in this time.'
}

export const StatsCharts = ({ stats, wire }: { stats: OpsTraceStats; wire: Wire }) => {
  const router = useRouter()
  const { bucket } = stats.window
  const isLong = stats.series.length > 25
  const points = stats.series.map((point) => ({
    key: point.at,
    label: bucketLabel(point.at, bucket, isLong),
    title: bucketTitle(point.at, bucket),
    values: valuesOf(point),
  }))
  const hrefOf = (at: string) => evidenceHref(wire, bucketWindow(at, bucket))
  const shared = { keyName: 'Time', hrefOf, onOpen: (at: string) => router.push(hrefOf(at)) }
  return (
    <div className="grid gap-4 rail:grid-cols-2">
      <SeriesFrame
        {...shared}
        title="Runs"
        summary={`${busiest(stats.series, bucket)} Press a bar to see its runs.`}
        series={RUNS}
        points={only(points, RUNS)}
        format={formatCount}
        formatAxis={formatShortCount}
      />
      <SeriesFrame
        {...shared}
        title="Time per run"
        summary="From a histogram, within 10 percent. Times without a run are gaps."
        series={TIMES}
        points={only(points, TIMES)}
        format={formatDuration}
      />
      <SeriesFrame
        {...shared}
        title="Cost"
        summary={dearest(stats.series, bucket)}
        series={COST}
        points={only(points, COST)}
        format={formatMoney}
        formatAxis={moneyAxis(Math.max(0, ...stats.series.map((point) => point.total_cost_micro_usd)))}
      />
      <SeriesFrame
        {...shared}
        title="Tokens"
        summary={mostTokens(stats.series, bucket)}
        series={TOKENS}
        points={only(points, TOKENS)}
        format={formatCount}
        formatAxis={formatShortCount}
      />
    </div>
  )
}
