import { evidenceHref } from '@/components/stats/stats-window'
import { Card } from '@/components/ui/card'
import { formatCount, formatShortCount } from '@/components/ui/format'
import type { RiskDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { LEVEL_WORDS } from './insights-words'

const LEVELS = ['critical', 'high', 'medium', 'low'] as const
const headStyle = 'h-8 px-2 text-right font-medium'
const cellStyle = 'h-9 border-line border-t px-2 text-right'

export const RiskWorkspaces = ({ rows, wire }: { rows: RiskDashboard['by_workspace']; wire: Wire }) => (
  <Card title="By workspace" flush>
    <table className="w-full border-separate border-spacing-0 text-table">
      <caption className="sr-only">Runs by workspace and level of risk, the most dangerous first</caption>
      <thead>
        <tr className="text-ink-muted text-meta">
          <th scope="col" className="h-8 pr-2 pl-4 text-left font-medium">
            Workspace
          </th>
          {LEVELS.map((level) => (
            <th key={level} scope="col" className={headStyle}>
              {LEVEL_WORDS[level]}
            </th>
          ))}
          <th scope="col" className={`${headStyle} pr-4`}>
            Runs
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.workspace_id} className="hover:bg-hover">
            <th scope="row" className="h-9 w-full max-w-0 border-line border-t pr-2 pl-4 text-left font-normal">
              <a
                href={evidenceHref(wire, { workspace_id: row.workspace_id })}
                title={row.workspace_id}
                className="block truncate text-ink underline-offset-2 hover:text-accent hover:underline"
              >
                {row.workspace_id}
              </a>
            </th>
            {LEVELS.map((level) => (
              <td key={level} className={cellStyle} title={formatCount(row.levels[level])}>
                <Level count={row.levels[level]} isGrave={level === 'critical' || level === 'high'} />
              </td>
            ))}
            <td className={`${cellStyle} pr-4`} title={formatCount(row.trace_count)}>
              {formatShortCount(row.trace_count)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Card>
)

const Level = ({ count, isGrave }: { count: number; isGrave: boolean }) => {
  if (count === 0) return <span className="text-ink-muted">0</span>
  return <span className={isGrave ? 'font-medium text-bad' : ''}>{formatShortCount(count)}</span>
}
