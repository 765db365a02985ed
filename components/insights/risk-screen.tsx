'use client'

import { ShieldAlert } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { FilterBar } from '@/components/table/filter-bar'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { opsRiskDashboard, type RiskDashboard } from '@/lib/insights/contract'
import { CoverageNote } from './coverage-note'
import { useDashboardFields } from './dashboard-fields'
import { windowOf } from './dashboard-window'
import { DaysChoice } from './days-choice'
import { RISK_TEXT } from './insights-words'
import { NothingYet } from './nothing-yet'
import { RiskChart } from './risk-chart'
import { RiskFactors } from './risk-factors'
import { RiskFigures } from './risk-figures'
import { RiskSkeleton } from './risk-skeleton'
import { RiskWorkspaces } from './risk-workspaces'
import { RiskyRuns } from './risky-runs'
import { useRisk } from './use-insights'

const EMPTY = 'Every run is scored by its tools, its skill, its model and its data, and shown here when it ends.'

export const RiskScreen = () => {
  const filters = useFilters(opsRiskDashboard)
  const fields = useDashboardFields()
  const query = useRisk(filters.wire)
  return (
    <>
      <PageHeader title="Risk" text={RISK_TEXT} />
      <div className="mb-4 rounded-md border border-line bg-surface">
        <FilterBar filters={filters} fields={fields} lead={<DaysChoice filters={filters} />} />
      </div>
      <QueryView
        query={query}
        what="The risk of the runs"
        stillWorks="Runs are scored and policies asked all the same."
        skeleton={<RiskSkeleton />}
      >
        {({ dashboard }) => (
          <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
            {dashboard.trace_count === 0 ? (
              <NothingYet icon={ShieldAlert} filters={filters} text={EMPTY} />
            ) : (
              <Sections risk={dashboard} filters={filters} />
            )}
          </div>
        )}
      </QueryView>
    </>
  )
}

const Sections = ({ risk, filters }: { risk: RiskDashboard; filters: Filters }) => {
  const wire = windowOf(risk.coverage, filters)
  return (
    <div className="grid gap-4">
      <RiskFigures risk={risk} wire={wire} />
      <RiskChart risk={risk} wire={wire} />
      <div className="grid items-start gap-4 rail:grid-cols-2">
        <RiskyRuns runs={risk.high_risk} />
        <div className="grid min-w-0 gap-4">
          <RiskFactors factors={risk.top_factors} />
          <RiskWorkspaces rows={risk.by_workspace} wire={wire} />
        </div>
      </div>
      <CoverageNote coverage={risk.coverage} />
    </div>
  )
}
