'use client'

import { CircleCheckBig, Scale } from 'lucide-react'
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
import type { DecisionPage } from '@/lib/governance/contract'
import { ApprovalTabs } from './approval-tabs'
import { approvalsPage, callWire, type Tab, tabOf } from './approvals-query'
import { DECIDED_COLUMNS, WAITING_COLUMNS } from './decision-columns'
import { DecisionDetail } from './decision-detail'
import { fieldsFor } from './decision-fields'
import { APPROVALS_TEXT, whatOf } from './decision-words'
import { useDecisions, usePeeked } from './use-decisions'

export const ApprovalsScreen = () => {
  const filters = useFilters(approvalsPage)
  const tab = tabOf(filters.wire)
  const query = useDecisions(callWire(filters.wire))
  const peek = usePeek()
  const inDetail = usePeeked(peek.id)
  const peeked = query.data?.decisions.find((decision) => decision.decision_id === peek.id) ?? inDetail
  return (
    <>
      <PageHeader title="Approvals" text={APPROVALS_TEXT} />
      <div className="flex items-start gap-4">
        <section
          aria-label="Approvals"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <ApprovalTabs tab={tab} pending={query.data?.pending ?? null} />
          <FilterBar filters={filters} fields={fieldsFor(tab)} />
          <QueryView
            query={query}
            what="The approvals"
            stillWorks="What waits still waits: nothing is done before somebody approves it."
            skeleton={<TableSkeleton columns={columnsFor(tab)} rows={8} />}
          >
            {(page) => <Decisions page={page} tab={tab} filters={filters} stale={query.isPlaceholderData} />}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked ? whatOf(peeked) : 'Decision'}>
          {peek.id ? <DecisionDetail key={peek.id} id={peek.id} /> : null}
        </PeekPanel>
      </div>
    </>
  )
}

const columnsFor = (tab: Tab) => (tab === 'waiting' ? WAITING_COLUMNS : DECIDED_COLUMNS)

type DecisionsProps = { page: DecisionPage; tab: Tab; filters: Filters; stale: boolean }

const Decisions = ({ page, tab, filters, stale }: DecisionsProps) => {
  if (page.decisions.length === 0) return <Nothing tab={tab} pending={page.pending} />
  return (
    <>
      <DataTable
        caption={tab === 'waiting' ? 'Actions that wait for a person' : 'Decisions about actions'}
        columns={columnsFor(tab)}
        rows={page.decisions}
        rowId={(decision) => decision.decision_id}
        stale={stale}
      />
      <Pager
        filters={filters}
        shown={page.decisions.length}
        total={null}
        exact={false}
        next={page.next_cursor}
        noun="decisions"
      />
    </>
  )
}

const PoliciesLink = () => (
  <a href="/ops/policies" className="text-accent text-table underline-offset-2 hover:underline">
    Which policies ask for an approval
  </a>
)

const Nothing = ({ tab, pending }: { tab: Tab; pending: number }) => {
  if (tab === 'waiting')
    return (
      <EmptyState
        icon={CircleCheckBig}
        title={pending > 0 ? 'None of these' : 'Nothing waits for you'}
        text={
          pending > 0
            ? 'Something waits, but not with these filters.'
            : 'When a policy asks for an approval, the run stands still and the action is listed here, with all it would do.'
        }
        action={<PoliciesLink />}
      />
    )
  return (
    <EmptyState
      icon={Scale}
      title="Nothing was decided"
      text="Each answer of the policies to an agent is kept here with its reasons: what was allowed, refused, or left to a person."
      action={<PoliciesLink />}
    />
  )
}
