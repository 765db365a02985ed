'use client'

import { CalendarClock, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { VersionLink } from '@/components/workspaces/version-link'
import { personOf } from '@/components/workspaces/workspace-words'
import type { Promotion } from '@/lib/promotion/contract'
import { CHECKS, mustBeMended } from './promotion-words'
import { PromotionStatusBadge } from './status-badge'

/** Where it stands, and what has to come before it goes on. */
export const PromotionState = ({ promotion }: { promotion: Promotion }) => (
  <section
    aria-label="Where it stands"
    className="grid gap-1.5 rounded-md border border-line bg-surface px-4 py-3 text-table"
  >
    <div className="flex flex-wrap items-center gap-2">
      <PromotionStatusBadge promotion={promotion} />
      <span className="text-ink-soft">
        <VersionLink workspaceId={promotion.workspace_id} hash={promotion.version_hash} /> from {promotion.source_env}{' '}
        to {promotion.target_env}
        {promotion.is_canary ? ' as a canary' : ''}, asked for by {personOf(promotion.requested_by)},{' '}
        <RelativeTime iso={promotion.created_at} />
      </span>
    </div>
    {promotion.note ? <p className="break-words text-ink-soft">“{promotion.note}”</p> : null}
    <Next promotion={promotion} />
  </section>
)

const Row = ({ children }: { children: ReactNode }) => <p className="text-ink">{children}</p>

const Next = ({ promotion }: { promotion: Promotion }) => {
  const { status, target_env: target, failure } = promotion
  if (status === 'checking')
    return (
      <p role="status" className="flex items-center gap-2 text-ink">
        <LoaderCircle aria-hidden className="size-4 text-info motion-safe:animate-spin" />
        Its checks run in the background; nothing changes in {target} by them.
      </p>
    )
  if (status === 'executed') return <Executed promotion={promotion} />
  if (status === 'rolled_back')
    return (
      <Row>
        {promotion.rolled_back_by ? personOf(promotion.rolled_back_by) : 'Somebody'} took it back
        {promotion.rolled_back_at ? ` at ${formatUtc(promotion.rolled_back_at)}` : ''}: {target} got what it had before.
      </Row>
    )
  if (status === 'rejected' || status === 'cancelled' || status === 'failed')
    return <Row>{failure ?? 'It is over; nothing was changed.'}</Row>
  return <Open promotion={promotion} />
}

const Executed = ({ promotion }: { promotion: Promotion }) => (
  <Row>
    {promotion.executed_by ? personOf(promotion.executed_by) : 'The server'} executed it
    {promotion.executed_at ? ` at ${formatUtc(promotion.executed_at)}` : ''}.
  </Row>
)

const Open = ({ promotion }: { promotion: Promotion }) => {
  const mend = mustBeMended(promotion.checks)
  return (
    <>
      {promotion.failure ? <p className="break-words text-bad">{promotion.failure}</p> : null}
      {mend.length > 0 ? (
        <Row>
          To be mended first: {mend.map((name) => CHECKS[name].toLowerCase()).join(', ')}. Change the source, then check
          it again.
        </Row>
      ) : null}
      {promotion.soak_until ? (
        <p className="flex items-center gap-2 text-ink-soft">
          <CalendarClock aria-hidden className="size-4" /> Soaks until {formatUtc(promotion.soak_until)}.
        </p>
      ) : null}
      {promotion.apply_at ? (
        <p className="flex items-center gap-2 text-ink-soft">
          <CalendarClock aria-hidden className="size-4" /> Applied by itself at {formatUtc(promotion.apply_at)}, or as
          soon after as all else is there.
        </p>
      ) : null}
    </>
  )
}
