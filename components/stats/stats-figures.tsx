import { Figure } from '@/components/jobs/figure'
import { formatCount, formatDuration, formatExactMoney, formatMoney, formatShortCount } from '@/components/ui/format'
import type { Wire } from '@/lib/shared/api-client'
import type { OpsTraceStats } from '@/lib/tracing/contract'
import { evidenceHref } from './stats-window'

type Stats = OpsTraceStats['stats']

const percent = (share: number): string => (share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`)

const failedOf = ({ traces_by_status: by }: Stats): { count: number; status: string } => {
  const [failed, late] = [by['error'] ?? 0, by['timeout'] ?? 0]
  return { count: failed + late, status: failed === 0 && late > 0 ? 'timeout' : 'error' }
}

// Disjoint parts, so that they add up to the total.
export const tokenParts = ({ tokens }: Stats) => [
  { id: 'fresh', name: 'Fresh input', value: tokens.input - tokens.cache_read - tokens.cache_write },
  { id: 'read', name: 'Read from cache', value: tokens.cache_read },
  { id: 'written', name: 'Written to cache', value: tokens.cache_write },
  { id: 'answer', name: 'Answers', value: tokens.output - tokens.reasoning },
  { id: 'reasoning', name: 'Reasoning', value: tokens.reasoning },
]

const took = (ms: number | null) => (ms === null ? '–' : formatDuration(ms))

export const StatsFigures = ({ stats, wire }: { stats: Stats; wire: Wire }) => {
  const failed = failedOf(stats)
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line max-rail:*:last:col-span-2 rail:grid-cols-5">
      <Figure
        name="Runs"
        value={stats.total_traces}
        note={`${formatShortCount(stats.tool_calls)} tool calls`}
        href={evidenceHref(wire)}
      />
      <Figure
        name="Failed"
        value={failed.count}
        note={`${percent(stats.error_rate)} of the runs`}
        href={failed.count > 0 ? evidenceHref(wire, { status: failed.status }) : null}
      />
      <Figure
        name="Cost"
        value={
          <span title={formatExactMoney(stats.total_cost_micro_usd)}>{formatMoney(stats.total_cost_micro_usd)}</span>
        }
        note={
          stats.total_traces > 0
            ? `${formatMoney(stats.total_cost_micro_usd / stats.total_traces)} a run`
            : 'nothing was spent'
        }
        href={null}
      />
      <Figure
        name="Tokens"
        value={<span title={formatCount(stats.total_tokens)}>{formatShortCount(stats.total_tokens)}</span>}
        note={`${formatShortCount(stats.tokens.input)} in, ${formatShortCount(stats.tokens.output)} out`}
        href={null}
      />
      <Figure
        name="Median time"
        value={took(stats.p50_duration_ms)}
        note={`95 of 100 within ${took(stats.p95_duration_ms)}`}
        href={null}
      />
    </dl>
  )
}
