import type { ReactNode } from 'react'
import { none } from '@/components/traces/trace-cells'
import { tracesHref } from '@/components/traces/trace-words'
import { formatCount, formatDuration, formatMoney, formatUtc } from '@/components/ui/format'
import { VersionLink } from '@/components/workspaces/version-link'
import { linkStyle } from '@/components/workspaces/workspace-words'
import type { ArmView, CanaryComparison } from '@/lib/workspace/contract/canary'
import { verdictOf } from './arm-words'

type Arm = 'stable' | 'canary'
type Row = { name: string; cell: (arm: ArmView, href: (more?: Record<string, string>) => string) => ReactNode }

const percent = (rate: number | null): ReactNode => (rate === null ? none : `${Math.round(rate * 1_000) / 10} %`)
const took = (ms: number | null): ReactNode => (ms === null ? none : formatDuration(ms))
const money = (usd: number | null): ReactNode => (usd === null ? none : formatMoney(Math.round(usd * 1_000_000)))

const linked = (count: number, href: string): ReactNode =>
  count === 0 ? (
    '0'
  ) : (
    <a href={href} className={linkStyle}>
      {formatCount(count)}
    </a>
  )

const ROWS: readonly Row[] = [
  { name: 'Runs', cell: ({ runs }, href) => linked(runs, href()) },
  { name: 'Ended', cell: ({ ended }) => formatCount(ended) },
  { name: 'Failed or too late', cell: ({ errors }, href) => linked(errors, href({ status: 'error' })) },
  { name: 'Share of those that ended', cell: ({ error_rate: rate }) => percent(rate) },
  { name: 'Time, median', cell: ({ p50_duration_ms: ms }) => took(ms) },
  { name: 'Time, 95th percentile', cell: ({ p95_duration_ms: ms }) => took(ms) },
  { name: 'Cost of a run', cell: ({ average_cost: usd }) => money(usd) },
  { name: 'Cost in all', cell: ({ total_cost: usd }) => money(usd) },
  {
    name: 'Tokens of a run',
    cell: ({ average_tokens: tokens }) => (tokens === null ? none : formatCount(Math.round(tokens))),
  },
  { name: 'Runs that a policy refused', cell: ({ refused_runs: runs }) => formatCount(runs) },
  { name: 'Tool calls that were refused', cell: ({ refused_tool_calls: calls }) => formatCount(calls) },
]

const hrefFor =
  ({ pin_id: pin, since }: CanaryComparison, arm: Arm) =>
  (more: Record<string, string> = {}): string =>
    tracesHref({ pin_id: pin, arm, start_date: since, ...more })

/** Both arms in figures, each with its runs behind it, under the one sentence that they allow. */
export const ArmTable = ({ workspaceId, comparison }: { workspaceId: string; comparison: CanaryComparison }) => (
  <div className="grid gap-4">
    <p role="status" className="rounded-md bg-sunken px-3 py-2 text-ink text-prose">
      {verdictOf(comparison)}
    </p>
    <table className="w-full text-table">
      <caption className="sr-only">The two arms in figures</caption>
      <thead>
        <tr className="text-ink-muted text-meta">
          <th scope="col" className="py-1 text-left font-normal">
            Since {formatUtc(comparison.since)}
          </th>
          {(['stable', 'canary'] as const).map((arm) => (
            <th key={arm} scope="col" className="py-1 pl-3 text-right font-normal">
              {arm === 'stable' ? 'Stable' : 'Canary'}{' '}
              <VersionLink workspaceId={workspaceId} hash={comparison[arm].version_hash} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROWS.map(({ name, cell }) => (
          <tr key={name} className="border-line border-t">
            <th scope="row" className="py-1.5 text-left font-normal text-ink-soft">
              {name}
            </th>
            {(['stable', 'canary'] as const).map((arm) => (
              <td key={arm} className="py-1.5 pl-3 text-right tabular-nums">
                {cell(comparison[arm], hrefFor(comparison, arm))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    <p className="text-ink-muted text-meta">
      The two arms differ in size, and the people in them were not chosen by what they ask. Only failures are judged;
      time and cost are shown as they are.
    </p>
  </div>
)
