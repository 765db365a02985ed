import type { Column } from '@/components/table/column'
import { Money, none } from '@/components/traces/trace-cells'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { VersionLink } from '@/components/workspaces/version-link'
import type { EvalSummary } from '@/lib/evals/contract'
import { EvalStatus } from './eval-badges'
import { evalHref, isOpenState, linkStyle, MICRO, percent, score, spread } from './eval-words'

const Done = ({ run }: { run: EvalSummary }) => (
  <span className="whitespace-nowrap">
    {isOpenState(run.state) ? `${formatCount(run.done_count)} of ` : ''}
    {formatCount(run.case_count)}
    {run.repeats > 1 ? <span className="text-ink-muted"> ×{run.repeats}</span> : null}
  </span>
)

const Rate = ({ run }: { run: EvalSummary }) => {
  if (run.done_count === 0 || isOpenState(run.state)) return none
  const { confidence, pass_rate: rate } = run.scores
  return (
    <a
      href={evalHref(run.id)}
      title={confidence ? spread(confidence.pass_rate) : 'Too few cases for an interval'}
      className={linkStyle}
    >
      {percent(rate)}
    </a>
  )
}

export const EVAL_COLUMNS: readonly Column<EvalSummary>[] = [
  {
    id: 'dataset',
    header: 'Dataset',
    lead: true,
    className: 'max-w-56',
    cell: (run) => (
      <span className="min-w-0 truncate" title={run.dataset_name}>
        {run.dataset_name}
        {run.dataset_version === null ? null : <span className="text-ink-muted"> v{run.dataset_version}</span>}
      </span>
    ),
  },
  { id: 'status', header: 'Status', cell: (run) => <EvalStatus status={run.status} /> },
  { id: 'rate', header: 'Passed', align: 'right', cell: (run) => <Rate run={run} /> },
  {
    id: 'score',
    header: 'Score',
    align: 'right',
    from: 'wide',
    cell: (run) => (run.done_count === 0 || isOpenState(run.state) ? none : score(run.scores.avg_score)),
  },
  { id: 'cases', header: 'Cases', align: 'right', from: 'medium', cell: (run) => <Done run={run} /> },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'wide',
    cell: (run) => <Money micro={Math.round(run.scores.total_cost * MICRO)} />,
  },
  {
    id: 'version',
    header: 'Version',
    from: 'wide',
    cell: (run) =>
      run.skill_name !== undefined ? (
        <a
          href={`/ops/skills/${encodeURIComponent(run.skill_name)}`}
          className={`block max-w-40 truncate ${linkStyle}`}
        >
          {run.skill_name} {run.skill_version ?? ''}
        </a>
      ) : run.version_hash === null ? (
        <span className="text-ink-muted">Files</span>
      ) : (
        <VersionLink workspaceId={run.workspace_id} hash={run.version_hash} />
      ),
  },
  {
    id: 'where',
    header: 'Workspace',
    from: 'full',
    className: 'max-w-48',
    cell: (run) => (
      <span className="block truncate">
        {run.workspace_id}
        {run.environment ? <span className="text-ink-muted"> {run.environment}</span> : null}
      </span>
    ),
  },
  {
    id: 'model',
    header: 'Model',
    from: 'full',
    className: 'max-w-44',
    cell: (run) => <span className="block truncate font-mono text-ink-soft text-meta">{run.model}</span>,
  },
  {
    id: 'when',
    header: 'Begun',
    align: 'right',
    from: 'medium',
    cell: (run) => <RelativeTime iso={run.started_at ?? run.created_at} />,
  },
]
