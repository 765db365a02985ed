'use client'

import { Antenna } from 'lucide-react'
import type { Series } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { Figure } from '@/components/jobs/figure'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { SnippetTabs } from '@/components/traces/snippet-tabs'
import { ingestSnippets } from '@/components/traces/snippets'
import { INGEST_TEXT, plural, tracesHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { formatCount, formatShortCount } from '@/components/ui/format'
import { useNow } from '@/components/ui/use-now'
import type { IngestHealth } from '@/lib/tracing/contract'
import { IngestFaults } from './ingest-faults'
import { IngestSkeleton } from './ingest-skeleton'
import { byHour, bySource } from './ingest-sums'
import { reasonName } from './ingest-words'
import { SourceTable } from './source-table'
import { useIngest } from './use-ingest'

const SERIES: readonly Series[] = [
  { id: 'accepted', name: 'Accepted', color: 'var(--accent-line)', kind: 'bar' },
  { id: 'duplicates', name: 'Duplicates', color: 'var(--line-strong)', kind: 'bar' },
  { id: 'rejected', name: 'Refused', color: 'var(--bad)', kind: 'bar' },
]

export const IngestScreen = () => {
  const query = useIngest()
  return (
    <>
      <PageHeader title="Ingest" text={INGEST_TEXT}>
        <Button asChild>
          <a href={tracesHref({ origin: 'otlp' })}>
            <Antenna aria-hidden className="size-4" strokeWidth={1.75} /> Traces that came in
          </a>
        </Button>
      </PageHeader>
      <div className="grid gap-4">
        <QueryView query={query} what="What came in" stillWorks="Spans are still taken." skeleton={<IngestSkeleton />}>
          {(health) => <Health health={health} />}
        </QueryView>
        <Card title="Send spans here">
          <SnippetTabs label="Clients" make={ingestSnippets} />
        </Card>
      </div>
    </>
  )
}

const refusedOf = ({ rejected }: IngestHealth): { spans: number; note: string } => {
  const [most] = [...rejected].sort((a, b) => b.spans - a.spans)
  const spans = rejected.reduce((sum, one) => sum + one.spans, 0)
  return { spans, note: most ? reasonName(most.reason).toLowerCase() : 'nothing was refused' }
}

const Health = ({ health }: { health: IngestHealth }) => {
  const now = useNow()
  const refused = refusedOf(health)
  const sources = bySource(health.hours)
  const isSilent = sources.length === 0 && health.faults.length === 0
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line rail:grid-cols-4">
        <Figure name="Accepted" value={health.accepted} note="spans in the last day" href={null} />
        <Figure name="Refused" value={refused.spans} note={refused.note} href={null} />
        <Figure name="Duplicates" value={health.duplicates} note="sent again, stored once" href={null} />
        <Figure name="Shortened" value={health.truncated} note="held more than is kept" href={null} />
      </dl>
      {isSilent ? (
        <p className="rounded-md border border-line border-dashed bg-sunken px-4 py-5 text-center text-ink-muted text-table">
          No span has come in during the last day. Point an exporter at this server with one of the snippets below.
        </p>
      ) : (
        <div className="grid items-start gap-4 rail:grid-cols-2">
          <div className="grid gap-4">
            <SeriesFrame
              title="Spans per hour"
              summary={`Last 24 hours, UTC: ${plural(health.accepted, 'span')} accepted, ${formatCount(refused.spans)} refused.`}
              keyName="Hour"
              series={SERIES}
              points={byHour(health.hours, now)}
              format={formatCount}
              formatAxis={formatShortCount}
            />
            <SourceTable sources={sources} />
          </div>
          <IngestFaults faults={health.faults} />
        </div>
      )}
    </>
  )
}
