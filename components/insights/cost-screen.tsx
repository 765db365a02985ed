'use client'

import { CircleDollarSign } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { evidenceHref } from '@/components/stats/stats-window'
import { FilterBar } from '@/components/table/filter-bar'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { originWords } from '@/components/traces/trace-words'
import { Select } from '@/components/ui/select'
import { type Burn, COST_PARTS, type CostDashboard, opsCostDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { BurnCard } from './burn-card'
import { CostChart } from './cost-chart'
import { CostFigures } from './cost-figures'
import { type CostGroup, CostGroups } from './cost-groups'
import { CostSkeleton } from './cost-skeleton'
import { CoverageNote } from './coverage-note'
import { useDashboardFields } from './dashboard-fields'
import { windowOf } from './dashboard-window'
import { DaysChoice } from './days-choice'
import { COST_TEXT, PART_WORDS } from './insights-words'
import { LedgerNote } from './ledger-note'
import { NoBudget } from './no-budget'
import { NothingYet } from './nothing-yet'
import { useBurnDown, useCost } from './use-insights'

const EMPTY = 'What runs cost is summed up here as soon as the first one ends.'

export const CostScreen = () => {
  const filters = useFilters(opsCostDashboard)
  const fields = useDashboardFields()
  const query = useCost(filters.wire)
  return (
    <>
      <PageHeader title="Cost" text={COST_TEXT} />
      <div className="mb-4 rounded-md border border-line bg-surface">
        <FilterBar filters={filters} fields={fields} lead={<DaysChoice filters={filters} />} />
      </div>
      <QueryView query={query} what="The costs" stillWorks="Budgets hold all the same." skeleton={<CostSkeleton />}>
        {({ dashboard }) => (
          <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
            {dashboard.trace_count === 0 && dashboard.ledger.total_cost_micro_usd === 0 ? (
              <NothingYet icon={CircleDollarSign} filters={filters} text={EMPTY} />
            ) : (
              <Sections cost={dashboard} filters={filters} />
            )}
          </div>
        )}
      </QueryView>
    </>
  )
}

const useTenantBudget = (filters: Filters) => {
  const maySee = useMay('budget:view')
  const workspace = filters.wire['workspace_id']
  const scope = typeof workspace === 'string' ? `workspace:${workspace}` : 'tenant'
  return { maySee, scope, query: useBurnDown(scope, maySee) }
}

const Sections = ({ cost, filters }: { cost: CostDashboard; filters: Filters }) => {
  const wire = windowOf(cost.coverage, filters)
  const { maySee, scope, query } = useTenantBudget(filters)
  const burn: Burn | null = query.data?.burn ?? null
  return (
    <div className="grid gap-4">
      <CostFigures cost={cost} burn={burn} maySee={maySee} tracesHref={evidenceHref(wire)} />
      <CostChart cost={cost} burn={burn} wire={wire} actions={<PartChoice filters={filters} />} />
      <div className="grid items-start gap-4 rail:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          {burn ? <BurnCard burn={burn} /> : maySee ? <NoBudget scope={scope} query={query} /> : null}
          <Makers cost={cost} wire={wire} />
        </div>
        <div className="grid min-w-0 gap-4">
          <Places cost={cost} wire={wire} />
        </div>
      </div>
      <div className="grid gap-1">
        <LedgerNote cost={cost} />
        <CoverageNote coverage={cost.coverage} />
      </div>
    </div>
  )
}

const PartChoice = ({ filters }: { filters: Filters }) => (
  <Select
    aria-label="Split by"
    options={COST_PARTS.map((part) => ({ value: part, label: `By ${PART_WORDS[part].toLowerCase()}` }))}
    value={String(filters.wire['by'] ?? COST_PARTS[0])}
    onChange={(event) => filters.change({ by: event.target.value === COST_PARTS[0] ? null : event.target.value })}
  />
)

const named = <T extends CostGroup | Omit<CostGroup, 'name'>>(rows: readonly T[], nameOf: (row: T) => string) =>
  rows.map((row) => ({ ...row, name: nameOf(row) }))

type GroupsProps = { cost: CostDashboard; wire: Wire }

const linkTo = (wire: Wire, field: string) => (name: string) => evidenceHref(wire, { [field]: name })

// Who ran: models, skills, and where the runs came from.
const Makers = ({ cost, wire }: GroupsProps) => {
  const total = cost.total_cost_micro_usd
  const models = named(cost.by_model, (row) => row.model)
  return (
    <>
      <CostGroups title="Model" groups={models} total={total} hrefOf={linkTo(wire, 'model')} />
      <CostGroups
        title="Skill"
        groups={named(cost.by_skill, (row) => row.skill_name)}
        total={total}
        hrefOf={null}
        nothing="No run of this time used a skill."
        note="A run with several skills counts toward each of them."
      />
      <CostGroups
        title="Origin"
        groups={named(cost.by_origin, (row) => row.origin)}
        total={total}
        hrefOf={linkTo(wire, 'origin')}
        words={originWords}
      />
    </>
  )
}

// For whom: workspaces, roles, environments.
const Places = ({ cost, wire }: GroupsProps) => {
  const total = cost.total_cost_micro_usd
  const workspaces = named(cost.by_workspace, (row) => row.workspace_id)
  const roles = named(cost.by_role, (row) => row.agent_role)
  const environments = named(cost.by_environment, (row) => row.environment)
  return (
    <>
      <CostGroups title="Workspace" groups={workspaces} total={total} hrefOf={linkTo(wire, 'workspace_id')} />
      <CostGroups title="Role" groups={roles} total={total} hrefOf={linkTo(wire, 'agent_role')} />
      <CostGroups title="Environment" groups={environments} total={total} hrefOf={linkTo(wire, 'environment')} />
    </>
  )
}
