import { ArrowDown, ArrowUp, Equal } from 'lucide-react'
import { formatCount, formatDuration, formatMoney } from '@/components/ui/format'
import type { TraceDiff } from '@/lib/tracing/contract'
import { signed } from './diff-words'

type Delta = { name: string; base: string; compare: string; change: number; words: string; percent?: number | null }

const MICRO = 1_000_000
const unknown = 'unknown'

const deltasOf = ({ cost, timing, usage, steps }: TraceDiff): Delta[] => {
  const took = (ms: number | null): string => (ms === null ? unknown : formatDuration(ms))
  return [
    {
      name: 'Cost',
      base: formatMoney(Math.round(cost.base_cost * MICRO)),
      compare: formatMoney(Math.round(cost.compare_cost * MICRO)),
      change: cost.delta_micro_usd,
      words: signed(cost.delta_micro_usd, formatMoney),
      percent: cost.percent_change,
    },
    {
      name: 'Time',
      base: took(timing.base_duration_ms),
      compare: took(timing.compare_duration_ms),
      change: timing.delta_ms ?? 0,
      words: timing.delta_ms === null ? unknown : signed(timing.delta_ms, formatDuration),
      percent: timing.percent_change,
    },
    {
      name: 'Tokens in',
      base: formatCount(usage.base_input_tokens),
      compare: formatCount(usage.compare_input_tokens),
      change: usage.input_token_delta,
      words: signed(usage.input_token_delta, formatCount),
    },
    {
      name: 'Tokens out',
      base: formatCount(usage.base_output_tokens),
      compare: formatCount(usage.compare_output_tokens),
      change: usage.output_token_delta,
      words: signed(usage.output_token_delta, formatCount),
    },
    {
      name: 'Steps',
      base: formatCount(steps.base_step_count),
      compare: formatCount(steps.compare_step_count),
      change: steps.compare_step_count - steps.base_step_count,
      words: signed(steps.compare_step_count - steps.base_step_count, formatCount),
    },
  ]
}

const percentWords = (percent: number | null | undefined): string =>
  percent === null || percent === undefined || percent === 0
    ? ''
    : ` (${signed(Math.round(percent), (size) => `${size} %`)})`

export const Deltas = ({ diff }: { diff: TraceDiff }) => (
  <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line sheet:grid-cols-5">
    {deltasOf(diff).map(({ name, base, compare, change, words, percent }) => {
      const Icon = change === 0 ? Equal : change > 0 ? ArrowUp : ArrowDown
      return (
        <div key={name} className="grid content-start gap-0.5 bg-surface px-4 py-2.5 last:max-sheet:col-span-2">
          <dt className="text-ink-muted text-meta">{name}</dt>
          <dd className="grid gap-0.5">
            <span className="font-medium text-ink text-prose">
              {base} <span className="text-ink-muted">→</span> {compare}
            </span>
            <span className="inline-flex items-center gap-1 text-ink-soft text-meta">
              <Icon aria-hidden className="size-3 text-ink-muted" />
              {words}
              {percentWords(percent)}
            </span>
          </dd>
        </div>
      )
    })}
  </dl>
)
