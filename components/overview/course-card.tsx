'use client'

import { useRouter } from 'next/navigation'
import type { Series } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import type { OverviewView, Runs } from '@/lib/jobs/contract'
import { ChangeMarks } from './change-marks'
import { formatPerMinute, hourHref, pointsOf } from './course'

const SERIES: readonly Series[] = [
  { id: 'well', name: 'Ended well, a minute', color: 'var(--accent-line)', kind: 'bar' },
  { id: 'failed', name: 'Failed, a minute', color: 'var(--bad)', kind: 'bar' },
]

const summaryOf = ({ total, failed, by_hour: hours }: Runs): string => {
  const time = hours.length > 24 ? `${hours.length / 24} days` : `${hours.length} hours`
  return `${formatCount(total)} ${total === 1 ? 'run' : 'runs'} in ${time}, ${formatCount(failed)} failed. UTC; press an hour to see its runs.`
}

export const CourseCard = ({ overview }: { overview: OverviewView }) => {
  const router = useRouter()
  const { runs, as_of: asOf } = overview
  if (runs === null) return null
  if (runs.total === 0 && overview.changes.length === 0) return <NothingYet hours={runs.by_hour.length} />
  return (
    <SeriesFrame
      title="Runs and changes"
      summary={summaryOf(runs)}
      keyName="Hour"
      series={SERIES}
      points={pointsOf(runs, asOf)}
      format={formatPerMinute}
      hrefOf={hourHref}
      onOpen={(key) => router.push(hourHref(key))}
      below={<ChangeMarks changes={overview.changes} runs={runs} />}
    />
  )
}

const NothingYet = ({ hours }: { hours: number }) => {
  const mayRun = useMay('agent:run')
  return (
    <Card title="Runs and changes">
      <div className="grid justify-items-start gap-3">
        <p className="text-ink-muted text-table">
          No run has ended in the last {hours > 24 ? `${hours / 24} days` : `${hours} hours`}, and nothing was changed.
        </p>
        <Button asChild>
          {mayRun ? (
            <a href="/ops/playground">Make a run in the playground</a>
          ) : (
            <a href="/ops/traces">See how a run is made</a>
          )}
        </Button>
      </div>
    </Card>
  )
}
