'use client'

import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { type OverviewView, opsOverview } from '@/lib/jobs/contract'
import { ChangeList } from './change-list'
import { CourseCard } from './course-card'
import { OverviewFigures } from './overview-figures'
import { OverviewSkeleton } from './overview-skeleton'
import { OVERVIEW_TEXT } from './overview-words'
import { StatusStrip } from './status-strip'
import { useOverview } from './use-overview'
import { WaitingCard } from './waiting-card'

export const OverviewScreen = () => {
  const filters = useFilters(opsOverview)
  const query = useOverview(filters.wire)
  return (
    <>
      <PageHeader title="Overview" text={OVERVIEW_TEXT}>
        <TimeChoice filters={filters} />
      </PageHeader>
      <QueryView
        query={query}
        what="The overview"
        stillWorks="Agents run and are governed all the same."
        skeleton={<OverviewSkeleton />}
      >
        {(overview) => (
          <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
            <Sections overview={overview} />
          </div>
        )}
      </QueryView>
    </>
  )
}

const USUAL = '1'
const CHOICES = [
  { days: USUAL, name: '24 hours' },
  { days: '7', name: '7 days' },
]

const TimeChoice = ({ filters }: { filters: Filters }) => {
  const chosen = filters.wire['days'] ?? USUAL
  return (
    <fieldset className="flex rounded-md border border-line">
      <legend className="sr-only">Time</legend>
      {CHOICES.map(({ days, name }) => (
        <Button
          key={days}
          look="quiet"
          size="small"
          aria-pressed={chosen === days}
          onClick={() => filters.change({ days: days === USUAL ? null : days })}
          className="rounded-[5px] aria-pressed:bg-accent-soft aria-pressed:text-accent"
        >
          {name}
        </Button>
      ))}
    </fieldset>
  )
}

// What waits stands beside the rest on a desk, and before it on a phone.
const Sections = ({ overview }: { overview: OverviewView }) => (
  <div className="grid gap-4">
    <StatusStrip overview={overview} />
    <OverviewFigures overview={overview} />
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div className="min-w-0 rail:order-2">
        <WaitingCard waiting={overview.waiting} />
      </div>
      <div className="grid min-w-0 gap-4 rail:order-1">
        <CourseCard overview={overview} />
        <ChangeList overview={overview} />
      </div>
    </div>
  </div>
)
