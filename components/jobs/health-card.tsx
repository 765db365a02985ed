import { CircleCheck, CircleMinus, CircleX, TriangleAlert } from 'lucide-react'
import type { z } from 'zod'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { formatDuration } from '@/components/ui/format'
import type { SystemView } from '@/lib/jobs/contract'

type Check = z.infer<typeof SystemView>['checks'][number]

const LOOKS = {
  ok: { icon: CircleCheck, ink: 'text-ok', word: 'Healthy' },
  degraded: { icon: TriangleAlert, ink: 'text-warn', word: 'Degraded' },
  error: { icon: CircleX, ink: 'text-bad', word: 'Failing' },
  off: { icon: CircleMinus, ink: 'text-ink-muted', word: 'Off' },
} as const

export const HealthCard = ({ checks }: { checks: readonly Check[] }) => (
  <Card title="Health" flush>
    <ul className="divide-y divide-line">
      {checks.map((check) => {
        const look = LOOKS[check.status]
        return (
          <li
            key={check.name}
            className="grid min-h-9 grid-cols-[88px_1fr_auto] items-start gap-3 px-4 py-2 text-table"
          >
            <span className={cn('flex h-5 items-center gap-1.5 font-medium text-meta', look.ink)}>
              <look.icon aria-hidden className="size-3.5 shrink-0" />
              {look.word}
            </span>
            <span className="min-w-0">
              <span className="inline-block font-medium first-letter:uppercase">{check.name}</span>{' '}
              <span className="break-words text-ink-muted">{check.detail}</span>
            </span>
            <span className="text-ink-muted text-meta leading-5">
              {check.latency_ms === null ? '' : formatDuration(check.latency_ms)}
            </span>
          </li>
        )
      })}
    </ul>
  </Card>
)
