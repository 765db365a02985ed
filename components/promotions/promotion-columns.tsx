import { ArrowRight } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { none } from '@/components/traces/trace-cells'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { VersionLink } from '@/components/workspaces/version-link'
import { personOf, promotionHref } from '@/components/workspaces/workspace-words'
import type { PromotionSummary } from '@/lib/promotion/contract'
import { PromotionStatusBadge } from './status-badge'

export const PROMOTION_COLUMNS: readonly Column<PromotionSummary>[] = [
  {
    id: 'route',
    header: 'Promotion',
    className: 'max-w-64',
    cell: ({ workspace_id: workspace, id, source_env: from, target_env: to, is_canary: isCanary }) => (
      <a
        data-row-link
        href={promotionHref(workspace, id)}
        className="-mx-1.5 flex h-9 min-w-0 items-center gap-1.5 px-1.5 font-medium text-ink focus-visible:-outline-offset-2"
      >
        <span className="truncate">{from}</span>
        <ArrowRight aria-label="to" className="size-3.5 shrink-0 text-ink-muted" />
        <span className="truncate">{to}</span>
        {isCanary ? <Badge tone="model">Canary</Badge> : null}
      </a>
    ),
  },
  { id: 'status', header: 'State', cell: (promotion) => <PromotionStatusBadge promotion={promotion} /> },
  {
    id: 'version',
    header: 'Version',
    from: 'medium',
    cell: ({ workspace_id: workspace, version_hash: hash, previous_version_hash: before }) => (
      <span className="flex items-center gap-1.5">
        {before ? (
          <VersionLink workspaceId={workspace} hash={before} />
        ) : (
          <span className="text-ink-muted">nothing</span>
        )}
        <ArrowRight aria-label="to" className="size-3 shrink-0 text-ink-muted" />
        <VersionLink workspaceId={workspace} hash={hash} />
      </span>
    ),
  },
  {
    id: 'note',
    header: 'Note',
    from: 'full',
    className: 'max-w-64',
    cell: ({ note, failure }) => {
      const words = failure ?? note
      return words ? (
        <span className="block truncate" title={words}>
          {words}
        </span>
      ) : (
        none
      )
    },
  },
  {
    id: 'by',
    header: 'Asked by',
    from: 'wide',
    className: 'max-w-40',
    cell: ({ requested_by: by }) => <span className="block truncate">{personOf(by)}</span>,
  },
  {
    id: 'when',
    header: 'Asked',
    align: 'right',
    from: 'medium',
    cell: ({ created_at: at }) => <RelativeTime iso={at} className="text-ink-muted" />,
  },
  {
    id: 'executed',
    header: 'Executed',
    align: 'right',
    from: 'wide',
    cell: ({ executed_at: at }) => (at ? <RelativeTime iso={at} className="text-ink-muted" /> : none),
  },
]
