'use client'

import { CirclePause } from 'lucide-react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { RelativeTime } from '@/components/ui/relative-time'
import { rolesWith } from '@/lib/shared/rbac'
import { whatOf } from './decision-words'
import { useWaiting } from './use-decisions'

/** On the page of a run that stands still: what it waits for, and where that is decided. */
export const WaitingBanner = ({ traceId }: { traceId: string }) => (
  <section aria-label="Waits for an approval" className="grid gap-1 rounded-md bg-warn-soft px-4 py-3 text-warn">
    <h2 className="flex items-center gap-2 font-semibold text-prose">
      <CirclePause aria-hidden className="size-4 shrink-0" />
      The run stands still until somebody decides
    </h2>
    {useMay('decision:resolve') ? (
      <Waiting traceId={traceId} />
    ) : (
      <p className="text-table">It takes {needsRole(rolesWith('decision:resolve'))}, and not who asked for the run.</p>
    )}
  </section>
)

const Waiting = ({ traceId }: { traceId: string }) => {
  const { data } = useWaiting(traceId)
  if (!data) return <p className="text-table">One moment.</p>
  if (data.decisions.length === 0)
    return <p className="text-table">All is decided. The run goes on; refresh to see how.</p>
  return (
    <ul className="grid gap-1">
      {data.decisions.map((decision) => (
        <li key={decision.decision_id} className="flex min-w-0 flex-wrap items-center gap-x-2 text-table">
          <a
            href={`/ops/approvals?${new URLSearchParams({ peek: decision.decision_id })}`}
            className="min-h-6 min-w-0 break-all font-medium underline underline-offset-2"
          >
            Decide about {whatOf(decision)}
          </a>
          {decision.expires_at ? (
            <span>
              expires <RelativeTime iso={decision.expires_at} />
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
