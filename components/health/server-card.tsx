import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { formatDuration } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { PartBadge } from './part-status'

type Row = { name: string; status: OpsHealth['database']['status']; value: ReactNode }

const ENGINES: Readonly<Record<string, string>> = { sqlite: 'SQLite', postgresql: 'PostgreSQL' }

const rowsOf = ({ instance, database, worker }: OpsHealth): Row[] => [
  {
    name: 'Instance',
    status: instance.status,
    value: (
      <>
        <CopyId id={instance.id} what="instance id" /> {instance.roles.join(' and ')}, started{' '}
        <RelativeTime iso={instance.started_at} />
      </>
    ),
  },
  {
    name: 'Database',
    status: database.status,
    value: `${ENGINES[database.engine] ?? database.engine} ${database.version ?? ''}, answered in ${formatDuration(database.latency_ms)}`,
  },
  {
    name: 'Worker',
    status: worker.status,
    value: worker.seen_at ? (
      <>
        last seen <RelativeTime iso={worker.seen_at} />
      </>
    ) : (
      'never seen'
    ),
  },
]

const System = () => (
  <a href="/ops/system" className="text-accent text-meta underline-offset-2 hover:underline">
    Jobs and migrations
  </a>
)

export const ServerCard = ({ health }: { health: OpsHealth }) => (
  <Card title="Server" actions={<System />} flush>
    <ul className="divide-y divide-line">
      {rowsOf(health).map(({ name, status, value }) => (
        <li
          key={name}
          className="grid min-h-10 grid-cols-[68px_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2 text-table sheet:grid-cols-[80px_minmax(0,1fr)_auto]"
        >
          <span className="text-ink-muted">{name}</span>
          <span className="min-w-0 break-words text-ink">{value}</span>
          <PartBadge status={status} />
        </li>
      ))}
    </ul>
  </Card>
)
