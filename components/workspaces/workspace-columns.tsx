import { Lock } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { none } from '@/components/traces/trace-cells'
import { Badge } from '@/components/ui/badge'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { WorkspaceSummary } from '@/lib/workspace/contract/workspaces'
import { personOf, shortVersion, workspaceHref } from './workspace-words'

const Runs = ({ environments }: Pick<WorkspaceSummary, 'environments'>) => (
  <span className="flex flex-wrap items-center gap-1 py-1">
    {environments.map(({ environment, version_hash: hash, canary_hash: canary, locked }) => (
      <Badge key={environment} tone={hash ? 'accent' : 'system'}>
        {locked ? <Lock aria-label="Locked" className="size-3" /> : null}
        <span className="max-w-24 truncate">{environment}</span>
        <span className="font-mono font-normal">{hash ? shortVersion(hash) : 'nothing pinned'}</span>
        {canary ? <span className="font-normal">+ canary</span> : null}
      </Badge>
    ))}
  </span>
)

export const WORKSPACE_COLUMNS: readonly Column<WorkspaceSummary>[] = [
  {
    id: 'workspace',
    header: 'Workspace',
    className: 'max-w-72',
    cell: ({ workspace_id: id, name }) => (
      <a
        data-row-link
        href={workspaceHref(id)}
        title={id}
        className="-mx-1.5 flex h-9 min-w-0 items-center gap-2 px-1.5 font-medium text-ink focus-visible:-outline-offset-2"
      >
        <span className="truncate">{id}</span>
        {name === id ? null : <span className="truncate font-normal text-ink-muted">{name}</span>}
      </a>
    ),
  },
  {
    id: 'latest',
    header: 'Last version',
    className: 'max-w-72',
    cell: ({ latest }) =>
      latest ? (
        <span className="block truncate" title={latest.message ?? latest.version_hash}>
          <span className="font-mono text-ink-soft text-meta">{shortVersion(latest.version_hash)}</span>{' '}
          {latest.message ?? <span className="text-ink-muted">no message</span>}
        </span>
      ) : (
        none
      ),
  },
  {
    id: 'when',
    header: 'Saved',
    from: 'medium',
    cell: ({ latest }) => (latest ? <RelativeTime iso={latest.created_at} className="text-ink-muted" /> : none),
  },
  {
    id: 'by',
    header: 'By',
    from: 'wide',
    className: 'max-w-40',
    cell: ({ latest }) => (latest ? <span className="block truncate">{personOf(latest.created_by)}</span> : none),
  },
  {
    id: 'versions',
    header: 'Versions',
    align: 'right',
    from: 'medium',
    cell: ({ versions }) => formatCount(versions),
  },
  {
    id: 'runs',
    header: 'Environments',
    from: 'wide',
    cell: ({ environments }) => (environments.length > 0 ? <Runs environments={environments} /> : none),
  },
]
