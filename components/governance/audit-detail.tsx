'use client'

import type { z } from 'zod'
import { QueryView } from '@/components/states/query-view'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import type { AuditDetail as Detail } from '@/lib/governance/contract'
import { AuditExplanation } from './audit-explanation'
import { AuditHashes } from './audit-hashes'
import { AuditPayload } from './audit-payload'
import { AuditProof } from './audit-proof'
import { AuditWho } from './audit-who'
import { eventName } from './event-tone'
import { useAuditEntry } from './use-audit'

type Entry = z.infer<typeof Detail>

export const AuditDetail = ({ seq }: { seq: string }) => {
  const query = useAuditEntry(seq)
  return (
    <QueryView query={query} what={`Event ${seq}`} stillWorks="The list still works." skeleton={<DetailSkeleton />}>
      {(detail) => <DetailBody detail={detail} />}
    </QueryView>
  )
}

const DetailBody = ({ detail }: { detail: Entry }) => (
  <div className="grid gap-5">
    <div className="grid gap-1">
      <h3 className="font-semibold text-ink text-title">{eventName(detail.entry.event_type)}</h3>
      <p className="text-ink-muted text-table">{detail.explanation.means}.</p>
    </div>
    <AuditProof detail={detail} />
    <Facts facts={factsOf(detail.entry)} />
    <Tabs
      label="Parts of the event"
      tabs={[
        { id: 'payload', label: 'Payload', content: <AuditPayload detail={detail} /> },
        { id: 'meaning', label: 'Meaning', content: <AuditExplanation detail={detail} /> },
        { id: 'who', label: 'Who could have done this', content: <AuditWho seq={detail.entry.seq} /> },
        { id: 'hashes', label: 'Hashes', content: <AuditHashes detail={detail} /> },
      ]}
    />
  </div>
)

const linkStyle = 'ml-2 text-accent text-meta underline-offset-2 hover:underline'

const IdWithFilter = ({ id, what, field }: { id: string; what: string; field: string }) => (
  <span className="flex min-w-0 flex-wrap items-center">
    <CopyId id={id} what={what} />
    <a href={`/ops/audit?${field}=${encodeURIComponent(id)}`} className={linkStyle}>
      Only these
    </a>
  </span>
)

const TraceId = ({ id }: { id: string }) => (
  <span className="flex min-w-0 flex-wrap items-center">
    <CopyId id={id} what="trace id" />
    <a href={`/ops/traces/${encodeURIComponent(id)}`} className={linkStyle}>
      Open
    </a>
  </span>
)

const factsOf = (entry: Entry['entry']) => [
  {
    name: 'When',
    value: (
      <>
        {formatUtc(entry.created_at)} · <RelativeTime iso={entry.created_at} className="text-ink-muted" />
      </>
    ),
  },
  { name: 'Actor', value: entry.actor },
  ...(entry.entity_id
    ? [{ name: 'Entity', value: <IdWithFilter id={entry.entity_id} what="entity" field="entity_id" /> }]
    : []),
  ...(entry.request_id
    ? [{ name: 'Request', value: <IdWithFilter id={entry.request_id} what="request id" field="request_id" /> }]
    : []),
  ...(entry.trace_id ? [{ name: 'Trace', value: <TraceId id={entry.trace_id} /> }] : []),
  ...(entry.user_id ? [{ name: 'User', value: <CopyId id={entry.user_id} what="user id" /> }] : []),
  ...(entry.workspace_id ? [{ name: 'Workspace', value: entry.workspace_id }] : []),
  { name: 'Tenant', value: entry.tenant_id },
]

const DetailSkeleton = () => (
  <div className="grid gap-5">
    <Skeleton className="h-6 w-48" />
    <Skeleton className="h-20 w-full" />
    <Skeleton className="h-32 w-full" />
    <Skeleton className="h-40 w-full" />
  </div>
)
