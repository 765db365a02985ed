'use client'

import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { formatBytes, formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { AuditPage } from '@/lib/governance/contract'
import { useCertificates } from './use-retention'

type Entry = AuditPage['entries'][number]

export const CertificatesCard = () => {
  const query = useCertificates()
  return (
    <Card title="Certificates" flush actions={<AllLink />}>
      <QueryView query={query} what="The certificates" skeleton={<Skeleton className="m-4 h-24" />}>
        {({ entries }) => (entries.length === 0 ? <Nothing /> : <Rows entries={entries} />)}
      </QueryView>
    </Card>
  )
}

const AllLink = () => (
  <a
    href="/ops/audit?event_type=retention_enforced"
    className="text-accent text-meta underline-offset-2 hover:underline"
  >
    All in the audit log
  </a>
)

const Nothing = () => (
  <p className="px-4 py-8 text-center text-ink-muted text-table">
    Nothing was deleted yet. Every pass leaves a certificate here: how much went, why, and a digest of the ids.
  </p>
)

const Rows = ({ entries }: { entries: readonly Entry[] }) => (
  <ol className="divide-y divide-line">
    {entries.map((entry) => (
      <li key={entry.seq}>
        <CertificateLine entry={entry} />
      </li>
    ))}
  </ol>
)

const numberIn = (entry: Entry, name: string): number => Number(entry.event_data?.[name] ?? 0)

const toldBy = (entry: Entry): string => {
  const deleted = `${formatCount(numberIn(entry, 'traces_deleted'))} deleted`
  const reduced = numberIn(entry, 'traces_reduced')
  const parts = [deleted, ...(reduced > 0 ? [`${formatCount(reduced)} reduced`] : [])]
  return [...parts, `${formatBytes(numberIn(entry, 'bytes_reclaimed'))} freed`].join(' · ')
}

const CertificateLine = ({ entry }: { entry: Entry }) => {
  const isErasure = entry.event_data?.['kind'] === 'erasure'
  return (
    <a
      href={`/ops/audit?event_type=retention_enforced&peek=${entry.seq}`}
      className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-3 px-4 py-2 text-table hover:bg-hover"
    >
      <Badge tone={isErasure ? 'warn' : 'system'}>{isErasure ? 'Erasure' : 'Pass'}</Badge>
      <span className="min-w-0">
        <span className="block truncate text-ink">
          {entry.event_data === null ? 'Its payload was erased' : toldBy(entry)}
        </span>
        <span className="block truncate text-ink-muted text-meta">{entry.actor.replace(/^user:/, '')}</span>
      </span>
      <RelativeTime iso={entry.created_at} className="text-ink-muted" />
    </a>
  )
}
