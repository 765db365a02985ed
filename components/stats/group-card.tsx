import { Money, Took } from '@/components/traces/trace-cells'
import { Card } from '@/components/ui/card'
import { formatCount, formatShortCount } from '@/components/ui/format'
import type { Wire } from '@/lib/shared/api-client'
import type { StatsGroup } from '@/lib/tracing/contract'
import { evidenceHref } from './stats-window'

type GroupCardProps = {
  title: string
  field: string
  groups: readonly StatsGroup[]
  wire: Wire
  words?: (name: string) => string
}

const same = (name: string): string => name

// Names without a value cannot be asked for in the list, so they are shown and not linked.
export const GroupCard = ({ title, field, groups, wire, words = same }: GroupCardProps) => {
  const most = Math.max(1, ...groups.map((group) => group.traces))
  return (
    <Card title={title} flush className="@container/group">
      {groups.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-muted text-table">No run in this time.</p>
      ) : null}
      {groups.length > 0 ? (
        <div className="max-h-[340px] overflow-y-auto">
          <table className="w-full border-separate border-spacing-0 text-table">
            <caption className="sr-only">{title}, most runs first</caption>
            <thead>
              <tr className="text-left text-ink-muted text-meta">
                <th scope="col" className={`${headStyle} pl-4`}>
                  {title.replace(/^By /, '').replace(/^./, (first) => first.toUpperCase())}
                </th>
                <th scope="col" className={`${headStyle} text-right`}>
                  Runs
                </th>
                <th scope="col" className={`${headStyle} text-right`}>
                  Failed
                </th>
                <th scope="col" className={`${headStyle} text-right`}>
                  Cost
                </th>
                <th scope="col" className={`${headStyle} pr-4 text-right @max-[420px]/group:hidden`}>
                  Average
                </th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <GroupRow key={group.name} group={group} most={most} field={field} wire={wire} words={words} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </Card>
  )
}

const headStyle = 'sticky top-0 h-8 bg-surface px-2 font-medium'
const cellStyle = 'h-9 border-line border-t px-2'

type GroupRowProps = {
  group: StatsGroup
  most: number
  field: string
  wire: Wire
  words: (name: string) => string
}

const GroupRow = ({ group, most, field, wire, words }: GroupRowProps) => (
  <tr className="hover:bg-hover">
    <th scope="row" className={`${cellStyle} w-full max-w-0 pl-4 text-left font-normal`}>
      <span className="relative block">
        {group.name === '' ? (
          <span className="text-ink-muted">Not named</span>
        ) : (
          <a
            href={evidenceHref(wire, { [field]: group.name })}
            title={words(group.name)}
            className="block truncate text-ink underline-offset-2 hover:text-accent hover:underline"
          >
            {words(group.name)}
          </a>
        )}
        <span
          aria-hidden
          className="absolute -bottom-1 left-0 h-0.5 rounded-full bg-accent-line"
          style={{ width: `${(group.traces / most) * 100}%` }}
        />
      </span>
    </th>
    <td className={`${cellStyle} text-right`} title={formatCount(group.traces)}>
      {formatShortCount(group.traces)}
    </td>
    <td className={`${cellStyle} text-right`}>
      {group.errors > 0 ? <span className="text-bad">{formatShortCount(group.errors)}</span> : '0'}
    </td>
    <td className={`${cellStyle} text-right`}>
      <Money micro={group.total_cost_micro_usd} />
    </td>
    <td className={`${cellStyle} whitespace-nowrap pr-4 text-right @max-[420px]/group:hidden`}>
      <Took ms={group.traces > 0 ? group.avg_duration_ms : null} />
    </td>
  </tr>
)
