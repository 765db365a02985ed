'use client'

import type { z } from 'zod'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatBytes, formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { SystemView } from '@/lib/jobs/contract'
import { HealthCard } from './health-card'
import { JobsCard } from './jobs-card'
import { MigrationsCard } from './migrations-card'
import { SystemSkeleton } from './system-skeleton'
import { useSystem } from './use-system'

type System = z.infer<typeof SystemView>

export const SystemScreen = () => {
  const query = useSystem()
  return (
    <>
      <PageHeader title="System" text="The instance that answered this page, its database and its background work." />
      <div className="grid gap-4">
        <QueryView
          query={query}
          what="The system"
          stillWorks="The jobs below may still load."
          skeleton={<SystemSkeleton />}
        >
          {(system) => <SystemCards system={system} />}
        </QueryView>
        <JobsCard />
      </div>
    </>
  )
}

const SystemCards = ({ system }: { system: System }) => (
  <div className="grid items-start gap-4 rail:grid-cols-2">
    <HealthCard checks={system.checks} />
    <Card title="Instance">
      <Facts facts={instanceFacts(system)} />
    </Card>
    <Card title="Database">
      <Facts facts={databaseFacts(system)} />
    </Card>
    <MigrationsCard migrations={system.migrations} />
  </div>
)

const PROFILES = { production: 'Production', development: 'Development', demo: 'Demo', test: 'Test' } as const

const instanceFacts = (system: System) => [
  { name: 'Clasper', value: system.version },
  { name: 'Node', value: system.node },
  { name: 'Profile', value: PROFILES[system.profile] },
  { name: 'Roles', value: system.roles.join(' and ') },
  { name: 'Started', value: <RelativeTime iso={system.started_at} /> },
  { name: 'Memory', value: memoryText(system.memory) },
  { name: 'Instance id', value: <CopyId id={system.instance_id} what="instance id" full /> },
]

const memoryText = ({ rss_bytes, heap_used_bytes }: System['memory']): string =>
  `${formatBytes(rss_bytes)} resident, ${formatBytes(heap_used_bytes)} heap in use`

const ENGINES = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const

const databaseFacts = ({ database, writer }: System) => [
  { name: 'Engine', value: `${ENGINES[database.engine]} ${database.version}` },
  { name: 'Size', value: database.size_bytes === null ? 'Unknown' : formatBytes(database.size_bytes) },
  { name: 'Waiting to write', value: formatCount(writer.queued) },
  { name: 'Changes written', value: formatCount(writer.mutations) },
  { name: 'Fast rows', value: `${formatCount(writer.commands)} commands in ${formatCount(writer.groups)} groups` },
]
