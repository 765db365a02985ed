'use client'

import { ErrorLine } from '@/components/states/error-state'
import { traceHref } from '@/components/traces/trace-words'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { SimulateReply } from '@/lib/governance/contract'
import { EffectBadge } from './policy-badges'
import { linkStyle } from './policy-words'
import { type Change, useSimulation } from './use-policies'

/** The newest stored decisions, asked again under the change: what would have become of them. */
export const SimulationView = ({ change }: { change: Change | null }) => {
  const { data, error, isFetching } = useSimulation(change)
  if (change === null) return null
  return (
    <section aria-label="What would have changed" aria-busy={isFetching} className="grid gap-2">
      <h3 className="font-semibold text-ink text-table">What would have changed</h3>
      {error ? <ErrorLine error={error} /> : null}
      {data && !error ? <Outcome reply={data} /> : null}
      {!data && !error ? <Skeleton className="h-9 w-full" /> : null}
    </section>
  )
}

const sentenceOf = ({ checked, changed }: SimulateReply): string => {
  if (checked === 0) return 'No decision is stored yet that could be asked again.'
  const of = checked === 1 ? 'the one stored decision' : `the newest ${formatCount(checked)} decisions`
  if (changed === 0) return `Nothing: ${of} would be the same.`
  return `${formatCount(changed)} of ${of} would be another.`
}

const MOST = 8

const Outcome = ({ reply }: { reply: SimulateReply }) => (
  <>
    <p role="status" className={reply.changed > 0 ? 'font-medium text-table text-warn' : 'text-ink-soft text-table'}>
      {sentenceOf(reply)}
      {reply.skipped > 0 ? ` ${formatCount(reply.skipped)} could not be asked again.` : ''}
    </p>
    {reply.differences.length > 0 ? (
      <ul className="divide-y divide-line rounded-md border border-line">
        {reply.differences.slice(0, MOST).map((one) => (
          <Difference key={one.decision_id} one={one} />
        ))}
      </ul>
    ) : null}
    {reply.differences.length > MOST ? (
      <p className="text-ink-muted text-meta">and {formatCount(reply.differences.length - MOST)} more</p>
    ) : null}
  </>
)

const Difference = ({ one }: { one: SimulateReply['differences'][number] }) => (
  <li className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1.5 text-table">
    <span className="min-w-0 grow break-all">
      {one.trace_id === null ? (
        (one.tool ?? one.subject)
      ) : (
        <a href={traceHref(one.trace_id)} target="_blank" rel="noreferrer" className={linkStyle}>
          {one.tool ?? one.subject}
        </a>
      )}{' '}
      <RelativeTime iso={one.created_at} className="text-ink-muted text-meta" />
    </span>
    <EffectBadge effect={one.current.decision} />
    <span aria-hidden className="text-ink-muted">
      →
    </span>
    <span className="sr-only">becomes</span>
    <EffectBadge effect={one.changed.decision} />
  </li>
)
