'use client'

import { ScrollText } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import { Pager } from '@/components/table/pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-id'
import type { AuditPage, AuditRow } from '@/lib/governance/contract'
import { opsListAudit } from '@/lib/governance/contract'
import { AuditActions } from './audit-actions'
import { AUDIT_COLUMNS } from './audit-columns'
import { AuditDetail } from './audit-detail'
import { AuditHead } from './audit-head'
import { useAuditFields, useAuditPage } from './use-audit'

export const AuditScreen = () => {
  const filters = useFilters(opsListAudit)
  const fields = useAuditFields()
  const query = useAuditPage(filters)
  const peek = usePeek()
  return (
    <>
      <PageHeader title="Audit" text="Who did what, when, and proof that nobody changed the record.">
        <AuditActions filters={filters} />
      </PageHeader>
      <div className="flex items-start gap-4">
        <section
          aria-label="Audit events"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <FilterBar filters={filters} fields={fields}>
            <AuditHead />
          </FilterBar>
          <QueryView
            query={query}
            what="The audit log"
            stillWorks="Everything is still recorded."
            skeleton={<TableSkeleton columns={AUDIT_COLUMNS} selectable />}
          >
            {(page) => <Events page={page} filters={filters} stale={query.isPlaceholderData} />}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={`Event ${peek.id ?? ''}`}>
          {peek.id ? <AuditDetail seq={peek.id} /> : null}
        </PeekPanel>
      </div>
    </>
  )
}

const Selection = ({ rows, clear }: { rows: AuditRow[]; clear: () => void }) => (
  <>
    <span>{rows.length} selected</span>
    <CopyButton text={JSON.stringify(rows, null, 2)} label="Copy as JSON" />
    <Button size="small" look="quiet" onClick={clear}>
      Clear
    </Button>
  </>
)

type EventsProps = { page: AuditPage; filters: Filters; stale: boolean }

const Events = ({ page, filters, stale }: EventsProps) => {
  if (page.entries.length === 0) return <NoEvents filters={filters} />
  return (
    <>
      <DataTable
        caption="Audit events, newest first"
        columns={AUDIT_COLUMNS}
        rows={page.entries}
        rowId={(row) => String(row.seq)}
        stale={stale}
        selection={(rows, clear) => <Selection rows={rows} clear={clear} />}
      />
      <Pager
        filters={filters}
        shown={page.entries.length}
        total={page.total}
        exact={page.total_exact}
        next={page.next_cursor}
        noun="events"
      />
    </>
  )
}

const NoEvents = ({ filters }: { filters: Filters }) => {
  const filtered = Object.keys(filters.wire).length > 0
  return filtered ? (
    <EmptyState
      icon={ScrollText}
      title="No event matches"
      text="Nothing in the log has all of these properties."
      action={<Button onClick={filters.clear}>Clear the filters</Button>}
    />
  ) : (
    <EmptyState
      icon={ScrollText}
      title="The log is empty"
      text="Each change that a person or a program makes is written here in the same transaction. Create an API key and its event appears."
      command={{
        label: 'Read the log from a shell',
        code: 'curl -H "X-Agent-Daemon-Key: $CLASPER_KEY" $CLASPER_URL/audit',
      }}
    />
  )
}
