'use client'

import type { ReactNode } from 'react'
import { Figure } from '@/components/jobs/figure'
import { cn } from '@/components/ui/cn'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OverviewView, Runs } from '@/lib/jobs/contract'
import { SpentFigure } from './spent-figure'

const COLUMNS: Readonly<Record<number, string>> = {
  1: 'rail:grid-cols-1',
  2: 'rail:grid-cols-2',
  3: 'rail:grid-cols-3',
  4: 'rail:grid-cols-4',
  5: 'rail:grid-cols-5',
  6: 'rail:grid-cols-6',
}

const percent = (rate: number): string =>
  `${rate > 0 && rate < 0.1 ? (100 * rate).toFixed(1) : Math.round(100 * rate)} %`

const statsHref = ({ since }: Runs): string => `/ops/stats?${new URLSearchParams({ start_date: since })}`

const timeOf = ({ by_hour: hours }: Runs): string => (hours.length > 24 ? `${hours.length / 24} days` : '24 hours')

const openOf = ({ running, paused }: Runs): string => {
  if (running + paused === 0) return 'none runs now'
  return [...(running > 0 ? [`${running} running`] : []), ...(paused > 0 ? [`${paused} paused`] : [])].join(', ')
}

const runsFigure = (runs: Runs) => (
  <Figure key="runs" name={`Runs in ${timeOf(runs)}`} value={runs.total} note={openOf(runs)} href={statsHref(runs)} />
)

const failedFigure = (runs: Runs) => (
  <Figure
    key="failed"
    name="Failed"
    value={runs.failed}
    note={`${runs.total === 0 ? 'no run' : percent(runs.failed / runs.total)}${runs.usual_rate === null ? '' : `, usually ${percent(runs.usual_rate)}`}`}
    href={statsHref(runs)}
  />
)

const approvalsFigure = ({ pending }: NonNullable<OverviewView['approvals']>, mine: number) => (
  <Figure
    key="approvals"
    name="Approvals waiting"
    value={pending}
    note={pending === 0 ? 'nobody waits' : `${mine} ${mine === 1 ? 'is' : 'are'} yours to decide`}
    href="/ops/approvals"
  />
)

const jobsFigure = (jobs: NonNullable<OverviewView['jobs']>) => (
  <Figure
    key="jobs"
    name="Jobs waiting"
    value={jobs.queued}
    note={jobs.dead > 0 ? `${jobs.dead} dead` : 'none dead'}
    href={jobs.dead > 0 ? '/ops/system?status=dead#jobs' : '/ops/system#jobs'}
  />
)

const auditFigure = ({ total, last_checkpoint_at: at }: NonNullable<OverviewView['audit']>) => (
  <Figure
    key="audit"
    name="Events recorded"
    value={total}
    note={
      at ? (
        <>
          sealed <RelativeTime iso={at} />
        </>
      ) : (
        'not sealed yet'
      )
    }
    href="/ops/audit"
  />
)

export const OverviewFigures = ({ overview }: { overview: OverviewView }) => {
  const { runs, approvals, jobs, audit, money, waiting } = overview
  const figures: ReactNode[] = [
    ...(runs ? [runsFigure(runs), failedFigure(runs)] : []),
    <SpentFigure key="spent" money={money} />,
    ...(approvals ? [approvalsFigure(approvals, waiting.counts.approval ?? 0)] : []),
    ...(jobs ? [jobsFigure(jobs)] : []),
    ...(audit ? [auditFigure(audit)] : []),
  ]
  return (
    <dl
      className={cn(
        'grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line',
        figures.length % 2 === 1 ? 'max-rail:*:first:col-span-2' : '',
        COLUMNS[figures.length],
      )}
    >
      {figures}
    </dl>
  )
}
