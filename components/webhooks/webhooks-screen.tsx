'use client'

import { Webhook } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
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
import { formatCount } from '@/components/ui/format'
import { opsListWebhooks, type WebhookPage } from '@/lib/webhooks/contract'
import { useWebhooks } from './use-webhooks'
import { WEBHOOK_COLUMNS, webhookStateOptions } from './webhook-columns'
import { WebhookDetail } from './webhook-detail'
import { WEBHOOKS_TEXT } from './webhooks-words'

const FIELDS: readonly FilterField[] = [
  { name: 'state', label: 'State', kind: 'choice', options: webhookStateOptions },
  { name: 'trace_id', label: 'Trace id', kind: 'text', hint: 'The run that it tells of' },
]

export const WebhooksScreen = () => {
  const filters = useFilters(opsListWebhooks)
  const query = useWebhooks(filters)
  const peek = usePeek()
  const peeked = query.data?.webhooks.find((webhook) => webhook.id === peek.id)
  return (
    <>
      <PageHeader title="Webhooks" text={WEBHOOKS_TEXT} />
      <div className="flex items-start gap-4">
        <section
          aria-label="Webhooks"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <FilterBar filters={filters} fields={FIELDS}>
            {query.data ? <Counts counts={query.data.counts} /> : null}
          </FilterBar>
          <QueryView
            query={query}
            what="The webhooks"
            stillWorks="They are delivered all the same."
            skeleton={<TableSkeleton columns={WEBHOOK_COLUMNS} rows={8} />}
          >
            {(page) => <Webhooks page={page} filters={filters} stale={query.isPlaceholderData} />}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked?.event ?? 'Webhook'}>
          {peek.id ? <WebhookDetail id={peek.id} /> : null}
        </PeekPanel>
      </div>
    </>
  )
}

const Counts = ({ counts }: { counts: WebhookPage['counts'] }) => (
  <p className="text-ink-muted text-meta">
    {formatCount(counts.queued)} waiting · {formatCount(counts.delivered)} delivered · {formatCount(counts.dead)} given
    up
  </p>
)

const Webhooks = ({ page, filters, stale }: { page: WebhookPage; filters: Filters; stale: boolean }) => {
  if (page.webhooks.length === 0)
    return (
      <EmptyState
        icon={Webhook}
        title="No webhooks"
        text="A backend that names a webhook with a run is told here how it ended: signed, tried up to six times, and never at a private address."
      />
    )
  return (
    <>
      <DataTable
        caption="Webhooks of this tenant"
        columns={WEBHOOK_COLUMNS}
        rows={page.webhooks}
        rowId={(webhook) => webhook.id}
        stale={stale}
      />
      <OffsetPager filters={filters} page={page} shown={page.webhooks.length} noun="webhooks" />
    </>
  )
}
