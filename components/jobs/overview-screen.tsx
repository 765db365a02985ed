'use client'

import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OverviewView } from '@/lib/jobs/contract'
import { AuditHours } from './audit-hours'
import { Figure } from './figure'
import { OverviewSkeleton } from './overview-skeleton'
import { RecentChanges } from './recent-changes'
import { SpentFigure } from './spent-figure'
import { StatusStrip } from './status-strip'
import { useOverview } from './use-system'

export const OverviewScreen = () => {
  const query = useOverview()
  return (
    <>
      <PageHeader title="Overview" text="What is wrong, what changed and what waits." />
      <QueryView query={query} what="The overview" skeleton={<OverviewSkeleton />}>
        {(overview) => (
          <div className="grid gap-4">
            <StatusStrip overview={overview} />
            <Figures overview={overview} />
            <div className="grid items-start gap-4 rail:grid-cols-[3fr_2fr]">
              <AuditHours hours={overview.audit.by_hour} />
              <RecentChanges recent={overview.recent} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  )
}

const sealed = (at: string | null) =>
  at ? (
    <>
      sealed <RelativeTime iso={at} />
    </>
  ) : (
    'not sealed yet'
  )

const Figures = ({ overview }: { overview: OverviewView }) => {
  const { approvals, audit, keys, jobs } = overview
  const toAudit = useMay('audit:view')
  const toKeys = useMay('key:manage')
  const toJobs = useMay('system:view')
  const since = audit.by_hour[0]?.hour
  const dayHref = since ? `/ops/audit?start_date=${encodeURIComponent(since)}` : '/ops/audit'
  return (
    <dl
      className={cn(
        'grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line',
        approvals ? 'rail:grid-cols-6' : 'max-rail:*:first:col-span-2 rail:grid-cols-5',
      )}
    >
      <SpentFigure money={overview.money} />
      {approvals ? (
        <Figure
          name="Approvals waiting"
          value={approvals.pending}
          note={approvals.pending > 0 ? 'nothing is done before' : 'nobody waits'}
          href="/ops/approvals"
        />
      ) : null}
      <Figure
        name="Events in 24 hours"
        value={audit.last_24h}
        note="recorded with proof"
        href={toAudit ? dayHref : null}
      />
      <Figure
        name="Events in all"
        value={audit.total}
        note={sealed(audit.last_checkpoint_at)}
        href={toAudit ? '/ops/audit' : null}
      />
      <Figure
        name="Active keys"
        value={keys.active}
        note={
          keys.expiring > 0
            ? `${keys.expiring} ${keys.expiring === 1 ? 'expires' : 'expire'} soon`
            : 'none expires soon'
        }
        href={toKeys ? '/ops/keys' : null}
      />
      <Figure
        name="Jobs waiting"
        value={jobs.queued}
        note={jobs.dead > 0 ? `${jobs.dead} dead` : 'none dead'}
        href={toJobs ? (jobs.dead > 0 ? '/ops/system?status=dead#jobs' : '/ops/system#jobs') : null}
      />
    </dl>
  )
}
