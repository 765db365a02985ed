'use client'

import { ListChecks } from 'lucide-react'
import type { z } from 'zod'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import { type JobPage, opsListJobs } from '@/lib/jobs/contract'
import { JOB_COLUMNS, jobStateOptions } from './job-columns'
import { JobDetail } from './job-detail'
import { useJobs } from './use-system'

const FIELDS: readonly FilterField[] = [
  { name: 'status', label: 'State', kind: 'choice', options: jobStateOptions },
  { name: 'kind', label: 'Job', kind: 'text', hint: 'The exact name, as the list shows it' },
]

type Page = z.infer<typeof JobPage>

export const JobsCard = () => {
  const filters = useFilters(opsListJobs)
  const query = useJobs(filters)
  const peek = usePeek()
  const peeked = query.data?.jobs.find((job) => job.id === peek.id)
  return (
    <div className="flex items-start gap-4">
      <Card title="Background jobs" id="jobs" flush className="@container/table grow">
        <FilterBar filters={filters} fields={FIELDS}>
          {query.data ? <Counts counts={query.data.counts} /> : null}
        </FilterBar>
        <QueryView query={query} what="The jobs" skeleton={<TableSkeleton columns={JOB_COLUMNS} rows={5} />}>
          {(page) => <Jobs page={page} filters={filters} stale={query.isPlaceholderData} />}
        </QueryView>
      </Card>
      <PeekPanel peek={peek} title={peeked?.kind ?? 'Job'}>
        {peeked ? <JobDetail job={peeked} /> : <p className="text-ink-muted">This job is not in the list.</p>}
      </PeekPanel>
    </div>
  )
}

const Counts = ({ counts }: { counts: Page['counts'] }) => (
  <p className="text-ink-muted text-meta">
    {formatCount(counts.queued)} waiting · {formatCount(counts.running)} running · {formatCount(counts.dead)} dead
  </p>
)

const Jobs = ({ page, filters, stale }: { page: Page; filters: Filters; stale: boolean }) => {
  if (page.jobs.length === 0)
    return (
      <EmptyState
        icon={ListChecks}
        title="No jobs"
        text="Sealing the audit log, sending webhooks and cleaning up run here, each enqueued with the change that it follows from."
      />
    )
  return (
    <>
      <DataTable
        caption="Background jobs"
        columns={JOB_COLUMNS}
        rows={page.jobs}
        rowId={(job) => job.id}
        stale={stale}
      />
      <OffsetPager filters={filters} page={page} shown={page.jobs.length} noun="jobs" />
    </>
  )
}
