import type { Column } from '@/components/table/column'
import { CopyId } from '@/components/ui/copy-id'
import { RelativeTime } from '@/components/ui/relative-time'
import type { AuditRow } from '@/lib/governance/contract'
import { EventLabel } from './event-label'

const none = <span className="text-ink-muted">–</span>

export const AUDIT_COLUMNS: readonly Column<AuditRow>[] = [
  {
    id: 'event',
    header: 'Event',
    lead: true,
    cell: (row) => <EventLabel type={row.event_type} data={row.event_data} />,
  },
  {
    id: 'actor',
    header: 'Actor',
    className: 'max-w-56',
    from: 'medium',
    cell: (row) => <span className="block truncate text-ink-soft">{row.actor}</span>,
  },
  {
    id: 'entity',
    header: 'Entity',
    from: 'wide',
    cell: (row) => (row.entity_id ? <CopyId id={row.entity_id} what="entity" /> : none),
  },
  {
    id: 'request',
    header: 'Request',
    from: 'wide',
    cell: (row) => (row.request_id ? <CopyId id={row.request_id} what="request id" /> : none),
  },
  {
    id: 'hash',
    header: 'Hash',
    from: 'wide',
    cell: (row) => <CopyId id={row.event_hash} what="event hash" />,
  },
  {
    id: 'seq',
    header: 'No.',
    align: 'right',
    className: 'w-20',
    cell: (row) => <span className="text-ink-muted">{row.seq}</span>,
  },
  {
    id: 'time',
    header: 'When',
    align: 'right',
    className: 'w-24 whitespace-nowrap',
    cell: (row) => <RelativeTime iso={row.created_at} className="text-ink-soft" />,
  },
]
