import { ArrowRight } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { formatCount, shortenId } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { PartBadge } from './part-status'

type Runs = OpsHealth['runs']

const summaryOf = ({ total, failed, is_capped }: Runs): string => {
  if (total === 0) return 'No run in the last hour.'
  const which = is_capped ? `of the newest ${formatCount(total)} runs` : `of ${formatCount(total)} runs`
  return failed === 0
    ? `None ${which} failed in the last hour.`
    : `${formatCount(failed)} ${which} failed in the last hour.`
}

export const RunsCard = ({ runs }: { runs: Runs }) => (
  <Card title="Recent runs" actions={<PartBadge status={runs.status} />} flush>
    <p className="px-4 py-3 text-ink text-table">{summaryOf(runs)}</p>
    {runs.failures.length > 0 ? (
      <ul aria-label="Latest failures" className="divide-y divide-line border-line border-t">
        {runs.failures.map(({ trace_id, code, status, at }) => (
          <li key={trace_id}>
            <a
              href={`/ops/traces/${trace_id}`}
              className="flex min-h-9 items-center gap-3 px-4 py-1.5 text-table hover:bg-hover"
            >
              <span className="sr-only">Trace </span>
              <span className="font-mono text-ink-soft text-meta">{shortenId(trace_id)}</span>
              <Badge tone="bad">{code ?? status}</Badge>
              <RelativeTime iso={at} className="ml-auto text-ink-muted text-meta" />
              <ArrowRight aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
            </a>
          </li>
        ))}
      </ul>
    ) : null}
  </Card>
)
