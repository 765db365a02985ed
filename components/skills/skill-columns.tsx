import { ShieldCheck } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { Money, none } from '@/components/traces/trace-cells'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { environmentsHref } from '@/components/workspaces/workspace-words'
import type { RegistryRow } from '@/lib/skills/contract'
import { SkillStateBadge } from './skill-badges'
import { linkStyle, percent, skillCostHref, skillHref } from './skill-words'

export type SkillRow = RegistryRow & { score: { rate: number; id: string } | null }

const Pinned = ({ environments }: Pick<RegistryRow, 'environments'>) => {
  const [first, ...rest] = environments
  if (!first) return none
  const title = environments.map((one) => `${one.workspace_id} ${one.environment} ${one.version}`).join('\n')
  return (
    <span className="flex min-w-0 items-center gap-1" title={title}>
      <a href={environmentsHref(first.workspace_id)} className={`min-w-0 truncate ${linkStyle}`}>
        {first.workspace_id} {first.environment}
      </a>
      {rest.length > 0 ? <span className="shrink-0 text-ink-muted text-meta">+{rest.length}</span> : null}
    </span>
  )
}

const Tools = ({ row }: { row: SkillRow }) => {
  const wider = row.permission_diff.added.length
  if (row.permissions.length === 0) return <span className="text-ink-muted">None</span>
  return (
    <span title={row.permissions.join('\n')} className="whitespace-nowrap">
      {formatCount(row.permissions.length)}
      {wider > 0 && row.version_count > 1 ? <span className="text-warn"> +{wider} new</span> : null}
    </span>
  )
}

const Score = ({ score }: Pick<SkillRow, 'score'>) =>
  score === null ? (
    none
  ) : (
    <a href={`/ops/evals/${score.id}`} className={linkStyle}>
      {percent(score.rate)}
    </a>
  )

export const SKILL_COLUMNS: readonly Column<SkillRow>[] = [
  {
    id: 'name',
    header: 'Skill',
    lead: true,
    className: 'max-w-64',
    cell: (row) => <span className="block truncate">{row.name}</span>,
  },
  { id: 'state', header: 'State', cell: (row) => <SkillStateBadge state={row.state} /> },
  {
    id: 'latest',
    header: 'Latest',
    from: 'medium',
    cell: (row) => (
      <span className="flex items-center gap-1.5 whitespace-nowrap font-mono text-meta">
        {row.version}
        {row.is_signed ? (
          <span title="Signed">
            <ShieldCheck aria-label="Signed" className="size-3.5 text-ok" />
          </span>
        ) : null}
      </span>
    ),
  },
  {
    id: 'versions',
    header: 'Versions',
    align: 'right',
    from: 'full',
    cell: (row) => (
      <a href={skillHref(row.name, { tab: 'versions' })} className={linkStyle}>
        {formatCount(row.version_count)}
      </a>
    ),
  },
  { id: 'tools', header: 'Tools', align: 'right', from: 'wide', cell: (row) => <Tools row={row} /> },
  {
    id: 'runs',
    header: 'Runs',
    align: 'right',
    from: 'medium',
    cell: (row) => (
      <a href={skillHref(row.name, { tab: 'versions' })} className={linkStyle}>
        {formatCount(row.usage_count)}
      </a>
    ),
  },
  {
    id: 'failed',
    header: 'Failed',
    align: 'right',
    from: 'wide',
    cell: (row) =>
      row.usage_count === 0 ? (
        none
      ) : (
        <span
          title={`${formatCount(row.error_count)} of ${formatCount(row.usage_count)} runs`}
          className={row.error_count > 0 ? 'text-bad' : ''}
        >
          {percent(row.error_count / row.usage_count)}
        </span>
      ),
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'full',
    cell: (row) =>
      row.usage_count === 0 ? (
        none
      ) : (
        <a href={skillCostHref} className={linkStyle}>
          <Money micro={row.total_cost_micro_usd} />
        </a>
      ),
  },
  { id: 'score', header: 'Eval', align: 'right', from: 'full', cell: (row) => <Score score={row.score} /> },
  {
    id: 'pinned',
    header: 'Pinned in',
    from: 'full',
    className: 'max-w-48',
    cell: (row) => <Pinned environments={row.environments} />,
  },
  {
    id: 'used',
    header: 'Last used',
    align: 'right',
    from: 'full',
    cell: (row) =>
      row.last_used === null ? <span className="text-ink-muted">Never</span> : <RelativeTime iso={row.last_used} />,
  },
]
