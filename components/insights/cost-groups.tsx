import { Money } from '@/components/traces/trace-cells'
import { Card } from '@/components/ui/card'
import { formatCount, formatShortCount } from '@/components/ui/format'

export type CostGroup = { name: string; total_cost_micro_usd: number; trace_count: number }

type CostGroupsProps = {
  title: string
  groups: readonly CostGroup[]
  total: number
  hrefOf: ((name: string) => string) | null
  words?: (name: string) => string
  nothing?: string
  note?: string
}

const headStyle = 'sticky top-0 h-8 bg-surface px-2 font-medium'
const cellStyle = 'h-9 border-line border-t px-2'

const percent = (part: number, whole: number): string => {
  const share = whole === 0 ? 0 : (100 * part) / whole
  return share > 0 && share < 1 ? '<1 %' : `${Math.round(share)} %`
}

export const CostGroups = (props: CostGroupsProps) => (
  <Card title={`By ${props.title.toLowerCase()}`} flush className="@container/group">
    {props.groups.length === 0 ? (
      <p className="px-4 py-6 text-center text-ink-muted text-table">{props.nothing ?? 'No run in this time.'}</p>
    ) : (
      <GroupTable {...props} />
    )}
    {props.note && props.groups.length > 0 ? (
      <p className="border-line border-t px-4 py-2 text-ink-muted text-meta">{props.note}</p>
    ) : null}
  </Card>
)

const GroupTable = ({ title, groups, total, hrefOf, words }: CostGroupsProps) => (
  // What scrolls must be reached by the keyboard: links do that.
  <div className={hrefOf ? 'max-h-[340px] overflow-y-auto' : ''}>
    <table className="w-full border-separate border-spacing-0 text-table">
      <caption className="sr-only">Cost by {title.toLowerCase()}, the dearest first</caption>
      <thead>
        <tr className="text-left text-ink-muted text-meta">
          <th scope="col" className={`${headStyle} pl-4`}>
            {title}
          </th>
          <th scope="col" className={`${headStyle} text-right`}>
            Runs
          </th>
          <th scope="col" className={`${headStyle} text-right`}>
            Cost
          </th>
          <th scope="col" className={`${headStyle} pr-4 text-right`}>
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.name} className="hover:bg-hover">
            <th scope="row" className={`${cellStyle} w-full max-w-0 pl-4 text-left font-normal`}>
              <span className="relative block">
                <GroupName name={group.name} hrefOf={hrefOf} words={words} />
                <span
                  aria-hidden
                  className="absolute -bottom-1 left-0 h-0.5 max-w-full rounded-full bg-accent-line"
                  style={{ width: percentWidth(group.total_cost_micro_usd, total) }}
                />
              </span>
            </th>
            <td className={`${cellStyle} text-right`} title={formatCount(group.trace_count)}>
              {formatShortCount(group.trace_count)}
            </td>
            <td className={`${cellStyle} text-right`}>
              <Money micro={group.total_cost_micro_usd} />
            </td>
            <td className={`${cellStyle} whitespace-nowrap pr-4 text-right text-ink-muted`}>
              {percent(group.total_cost_micro_usd, total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const percentWidth = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.min(100, (100 * part) / whole)}%`

type GroupNameProps = Pick<CostGroupsProps, 'hrefOf'> & { name: string; words: CostGroupsProps['words'] }

// What has no name cannot be asked for in the list, so it is shown and not linked.
const GroupName = ({ name, hrefOf, words }: GroupNameProps) => {
  const shown = words ? words(name) : name
  if (name === '') return <span className="text-ink-muted">Not named</span>
  if (!hrefOf)
    return (
      <span className="block truncate" title={shown}>
        {shown}
      </span>
    )
  return (
    <a
      href={hrefOf(name)}
      title={shown}
      className="block truncate text-ink underline-offset-2 hover:text-accent hover:underline"
    >
      {shown}
    </a>
  )
}
