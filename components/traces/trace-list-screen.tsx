'use client'

import { useMemo } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { useMaySeeTexts } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { ColumnMenu } from '@/components/table/column-menu'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import { Pager } from '@/components/table/pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { SearchBox } from '@/components/table/search-box'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Columns, useColumns } from '@/components/table/use-columns'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { type OpsTracePage, opsListTraces, type TraceSummary } from '@/lib/tracing/contract'
import { ExportMenu } from './export-menu'
import { NoTraces } from './no-traces'
import { FreshRuns, TailButton } from './tail-button'
import { TRACE_COLUMNS, USUAL_COLUMNS, withFound } from './trace-columns'
import { useTraceFields } from './trace-fields'
import { TracePeek } from './trace-peek'
import { TraceSelection } from './trace-selection'
import { runName, TRACES_TEXT, traceHref } from './trace-words'
import { type Tail, useTail } from './use-tail'
import { useTracePage } from './use-traces'
import { ViewsMenu } from './views-menu'

export const TraceListScreen = () => {
  const filters = useFilters(opsListTraces)
  const fields = useTraceFields()
  const query = useTracePage(filters)
  const tail = useTail(filters, query)
  const columns = useColumns('traces', TRACE_COLUMNS, USUAL_COLUMNS)
  const maySearch = useMaySeeTexts()
  const peek = usePeek()
  const peeked = tail.traces.find((trace) => trace.id === peek.id)
  return (
    <>
      <PageHeader title="Traces" text={TRACES_TEXT}>
        <ViewsMenu page="traces" path="/ops/traces" />
        <ExportMenu filters={filters} />
      </PageHeader>
      <div className="flex items-start gap-4">
        <section aria-label="Traces" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
          <FilterBar
            filters={filters}
            fields={fields}
            lead={maySearch ? <SearchBox filters={filters} name="q" label="Search in texts" /> : null}
          >
            <TailButton tail={tail} />
            <ColumnMenu columns={columns} />
          </FilterBar>
          <FreshRuns tail={tail} />
          <QueryView
            query={query}
            what="The traces"
            stillWorks="Runs are still recorded."
            skeleton={<TableSkeleton columns={columns.shown} selectable />}
          >
            {(page) => (
              <Traces page={page} tail={tail} columns={columns} filters={filters} stale={query.isPlaceholderData} />
            )}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked ? runName(peeked) : 'Trace'}>
          {peek.id ? <TracePeek id={peek.id} row={peeked} /> : null}
        </PeekPanel>
      </div>
    </>
  )
}

type TracesProps = {
  page: OpsTracePage
  tail: Tail
  columns: Columns<TraceSummary>
  filters: Filters
  stale: boolean
}

const Traces = ({ page, tail, columns, filters, stale }: TracesProps) => {
  const isSearch = filters.wire['q'] !== undefined && !page.withheld
  const shown = useMemo(() => (isSearch ? withFound(columns.shown) : columns.shown), [isSearch, columns.shown])
  if (page.traces.length === 0) return <NoTraces filters={filters} />
  return (
    <>
      <DataTable
        caption="Traces, newest first"
        columns={shown}
        rows={tail.traces}
        rowId={(trace) => trace.id}
        hrefOf={traceHref}
        stale={stale}
        selection={(rows, clear) => <TraceSelection rows={rows} clear={clear} />}
      />
      <Pager
        filters={filters}
        shown={page.traces.length}
        total={page.total}
        exact={page.total_exact}
        next={page.next_cursor}
        noun="traces"
      />
    </>
  )
}
