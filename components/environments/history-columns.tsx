import { ArrowRight } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { none } from '@/components/traces/trace-cells'
import { Badge, type Tone } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { VersionLink } from '@/components/workspaces/version-link'
import { linkStyle, personOf, promotionHref, versionDiffHref } from '@/components/workspaces/workspace-words'
import type { PinChangeView } from '@/lib/workspace/contract/environments'
import { CHANGES, pinDifferences } from './environment-words'

const TONES: Record<PinChangeView['kind'], Tone> = {
  pin: 'info',
  unpin: 'system',
  promotion: 'accent',
  rollback: 'warn',
  canary: 'model',
}

const Side = ({ workspaceId, set }: { workspaceId: string; set: PinChangeView['before'] }) =>
  set ? (
    <span className="whitespace-nowrap">
      <VersionLink workspaceId={workspaceId} hash={set.version_hash} />
      {set.canary ? (
        <span className="text-ink-muted text-meta">
          {' '}
          + <VersionLink workspaceId={workspaceId} hash={set.canary.version_hash} /> {set.canary.percent} %
        </span>
      ) : null}
    </span>
  ) : (
    <span className="text-ink-muted">nothing</span>
  )

const Also = ({ change }: { change: PinChangeView }) => {
  const words = [change.reason, ...pinDifferences(change.after, change.before)].filter(Boolean).join('; ')
  return words === '' ? (
    none
  ) : (
    <span className="block truncate" title={words}>
      {words}
    </span>
  )
}

export const HISTORY_COLUMNS: readonly Column<PinChangeView>[] = [
  {
    id: 'what',
    header: 'What',
    cell: ({ kind, promotion_id: promotion, workspace_id: workspace }) =>
      promotion ? (
        <a href={promotionHref(workspace, promotion)} className={linkStyle}>
          <Badge tone={TONES[kind]}>{CHANGES[kind]}</Badge>
        </a>
      ) : (
        <Badge tone={TONES[kind]}>{CHANGES[kind]}</Badge>
      ),
  },
  {
    id: 'where',
    header: 'Where',
    className: 'max-w-32',
    cell: ({ environment, after, workspace_id: workspace }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <span className="truncate">{environment}</span>
        {after ? (
          <VersionLink workspaceId={workspace} hash={after.version_hash} className="@min-[520px]/table:hidden" />
        ) : null}
      </span>
    ),
  },
  {
    id: 'change',
    header: 'From, to',
    from: 'medium',
    cell: (change) => (
      <span className="flex items-center gap-1.5">
        <Side workspaceId={change.workspace_id} set={change.before} />
        <ArrowRight aria-label="to" className="size-3 shrink-0 text-ink-muted" />
        <Side workspaceId={change.workspace_id} set={change.after} />
        {change.before && change.after && change.before.version_hash !== change.after.version_hash ? (
          <a
            href={versionDiffHref(change.workspace_id, change.before.version_hash, change.after.version_hash)}
            className={`ml-1 text-meta ${linkStyle}`}
          >
            compare
          </a>
        ) : null}
      </span>
    ),
  },
  { id: 'why', header: 'Why', from: 'wide', className: 'max-w-72', cell: (change) => <Also change={change} /> },
  {
    id: 'by',
    header: 'By',
    from: 'medium',
    className: 'max-w-36',
    cell: ({ changed_by: by }) => <span className="block truncate">{personOf(by)}</span>,
  },
  {
    id: 'when',
    header: 'When',
    align: 'right',
    cell: ({ changed_at: at }) => <RelativeTime iso={at} className="text-ink-muted" />,
  },
]
