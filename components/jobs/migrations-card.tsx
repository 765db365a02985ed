import { CircleCheck, Hourglass } from 'lucide-react'
import type { z } from 'zod'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import type { SystemView } from '@/lib/jobs/contract'

type Migration = z.infer<typeof SystemView>['migrations'][number]

export const MigrationsCard = ({ migrations }: { migrations: readonly Migration[] }) => (
  <Card title="Migrations" flush>
    <ul className="divide-y divide-line">
      {migrations.map((migration) => (
        <li key={migration.name} className="flex min-h-9 items-center gap-3 px-4 py-1.5 text-table">
          <span className="min-w-0 grow truncate font-mono text-meta">{migration.name}</span>
          {migration.applied_at ? (
            <>
              <RelativeTime iso={migration.applied_at} className="text-ink-muted text-meta" />
              <Badge tone="ok" icon={CircleCheck}>
                Applied
              </Badge>
            </>
          ) : (
            <Badge tone="warn" icon={Hourglass}>
              Pending
            </Badge>
          )}
        </li>
      ))}
    </ul>
  </Card>
)
