'use client'

import { Siren } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { Pager } from '@/components/table/pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { formatCount } from '@/components/ui/format'
import { opsListReceipts, type ReceiptPage } from '@/lib/governance/contract'
import { BreakGlassButton, OpenWindows } from './open-windows'
import { RECEIPT_COLUMNS } from './receipt-columns'
import { ReceiptDetail } from './receipt-detail'
import { KINDS, personOf, RECEIPTS_TEXT } from './receipt-words'
import { useReceipts } from './use-receipts'

const FIELDS: readonly FilterField[] = [
  {
    name: 'kind',
    label: 'Kind',
    kind: 'choice',
    options: Object.entries(KINDS).map(([value, label]) => ({ value, label })),
  },
  {
    name: 'state',
    label: 'Second person',
    kind: 'choice',
    options: [
      { value: 'open', label: 'Waits' },
      { value: 'overdue', label: 'Overdue' },
      { value: 'acknowledged', label: 'Acknowledged' },
    ],
  },
  { name: 'user_id', label: 'User id', kind: 'text', hint: 'The exact id of the person' },
]

export const ReceiptsScreen = () => {
  const filters = useFilters(opsListReceipts)
  const query = useReceipts(filters)
  const peek = usePeek()
  const peeked = query.data?.receipts.find((receipt) => receipt.id === peek.id)
  return (
    <>
      <PageHeader title="Overrides" text={RECEIPTS_TEXT}>
        <BreakGlassButton />
      </PageHeader>
      <div className="grid gap-4">
        <OpenWindows />
        <div className="flex items-start gap-4">
          <section
            aria-label="Overrides"
            className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
          >
            <FilterBar filters={filters} fields={FIELDS}>
              {query.data ? <Counts counts={query.data.counts} /> : null}
            </FilterBar>
            <QueryView
              query={query}
              what="The overrides"
              stillWorks="They are recorded all the same."
              skeleton={<TableSkeleton columns={RECEIPT_COLUMNS} rows={8} />}
            >
              {(page) => <Receipts page={page} filters={filters} stale={query.isPlaceholderData} />}
            </QueryView>
          </section>
          <PeekPanel peek={peek} title={peeked ? personOf(peeked.actor) : 'Receipt'}>
            {peek.id ? <ReceiptDetail id={peek.id} /> : null}
          </PeekPanel>
        </div>
      </div>
    </>
  )
}

const Counts = ({ counts }: Pick<ReceiptPage, 'counts'>) => (
  <p className="text-ink-muted text-meta">
    {formatCount(counts.open)} {counts.open === 1 ? 'waits' : 'wait'} for a second person
    {counts.overdue > 0 ? <span className="font-medium text-bad"> · {formatCount(counts.overdue)} overdue</span> : null}
  </p>
)

const Receipts = ({ page, filters, stale }: { page: ReceiptPage; filters: Filters; stale: boolean }) => {
  if (page.receipts.length === 0)
    return (
      <EmptyState
        icon={Siren}
        title="No exceptions"
        text="Whoever passes a refused check, opens a break-glass window or reads texts for a reason is listed here, until a second person has seen it."
      />
    )
  return (
    <>
      <DataTable
        caption="Exceptions of this tenant"
        columns={RECEIPT_COLUMNS}
        rows={page.receipts}
        rowId={(receipt) => receipt.id}
        stale={stale}
      />
      <Pager
        filters={filters}
        shown={page.receipts.length}
        total={null}
        exact={false}
        next={page.next_cursor}
        noun="exceptions"
      />
    </>
  )
}
