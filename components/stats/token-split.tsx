import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { formatCount, formatShortCount } from '@/components/ui/format'
import type { OpsTraceStats } from '@/lib/tracing/contract'
import { tokenParts } from './stats-figures'

const COLORS: Readonly<Record<string, string>> = {
  fresh: 'bg-accent-line',
  read: 'bg-tool',
  written: 'bg-info',
  answer: 'bg-model',
  reasoning: 'bg-warn',
}

export const TokenSplit = ({ stats }: { stats: OpsTraceStats['stats'] }) => {
  const parts = tokenParts(stats)
  const total = Math.max(1, stats.total_tokens)
  return (
    <Card title="Tokens by kind">
      <div aria-hidden className="mb-3 flex h-3 gap-px overflow-hidden rounded-sm bg-sunken">
        {parts
          .filter(({ value }) => value > 0)
          .map(({ id, value }) => (
            <span key={id} className={COLORS[id]} style={{ width: `${(value / total) * 100}%` }} />
          ))}
      </div>
      <table className="w-full text-table">
        <caption className="sr-only">Tokens by kind; the kinds do not overlap</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Tokens</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ id, name, value }) => (
            <tr key={id}>
              <th scope="row" className="h-7 text-left font-normal">
                <span className="flex items-center gap-2">
                  <span aria-hidden className={cn('size-2.5 rounded-sm', COLORS[id])} /> {name}
                </span>
              </th>
              <td className="h-7 text-right" title={formatCount(value)}>
                {formatShortCount(value)}
              </td>
              <td className="h-7 w-16 text-right text-ink-muted">{Math.round((value / total) * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
