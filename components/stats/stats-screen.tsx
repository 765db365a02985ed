'use client'

import { ChartSpline } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { FilterBar } from '@/components/table/filter-bar'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { useTraceFields } from '@/components/traces/trace-fields'
import { originWords, STATS_TEXT, statusWords } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import type { Wire } from '@/lib/shared/api-client'
import { type OpsTraceStats, opsTraceStats } from '@/lib/tracing/contract'
import { GroupCard } from './group-card'
import { StatsCharts } from './stats-charts'
import { StatsFigures } from './stats-figures'
import { StatsSkeleton } from './stats-skeleton'
import { inWindow } from './stats-window'
import { TokenSplit } from './token-split'
import { useStats } from './use-stats'
import { WindowChoice } from './window-choice'

const NAMES = Object.keys(opsTraceStats.query.shape)

export const StatsScreen = ({ since }: { since: string }) => {
  const filters = useFilters(opsTraceStats)
  const fields = useTraceFields().filter((field) => NAMES.includes(field.name))
  const wire = inWindow(filters.wire, since)
  const query = useStats(wire)
  return (
    <>
      <PageHeader title="Statistics" text={STATS_TEXT} />
      <div className="mb-4 rounded-md border border-line bg-surface">
        <FilterBar filters={filters} fields={fields} lead={<WindowChoice filters={filters} />} />
      </div>
      <QueryView query={query} what="The statistics" stillWorks="The list still works." skeleton={<StatsSkeleton />}>
        {(stats) => (
          <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
            {stats.stats.total_traces === 0 ? <Nothing filters={filters} /> : <Sections stats={stats} wire={wire} />}
          </div>
        )}
      </QueryView>
    </>
  )
}

const level = (name: string): string => `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`

const Sections = ({ stats, wire }: { stats: OpsTraceStats; wire: Wire }) => (
  <div className="grid gap-4">
    <StatsFigures stats={stats.stats} wire={wire} />
    <StatsCharts stats={stats} wire={wire} />
    <div className="grid items-start gap-4 rail:grid-cols-2">
      <GroupCard title="By model" field="model" groups={stats.by_model} wire={wire} />
      <GroupCard title="By role" field="agent_role" groups={stats.by_role} wire={wire} />
      <GroupCard title="By workspace" field="workspace_id" groups={stats.by_workspace} wire={wire} />
      <GroupCard title="By environment" field="environment" groups={stats.by_environment} wire={wire} />
      <GroupCard title="By status" field="status" groups={stats.by_status} wire={wire} words={statusWords} />
      <GroupCard title="By risk" field="risk_level" groups={stats.by_risk} wire={wire} words={level} />
      <GroupCard title="By origin" field="origin" groups={stats.by_origin} wire={wire} words={originWords} />
      <TokenSplit stats={stats.stats} />
    </div>
  </div>
)

const Nothing = ({ filters }: { filters: Filters }) => {
  const isNarrowed = Object.keys(filters.wire).length > 0
  return (
    <div className="rounded-md border border-line bg-surface">
      <EmptyState
        icon={ChartSpline}
        title={isNarrowed ? 'No run in this part' : 'No run in the last 24 hours'}
        text={
          isNarrowed
            ? 'No run that ended in this time has all of these properties.'
            : 'Sums appear as soon as a run ends. The list says how to make the first one.'
        }
        action={
          isNarrowed ? (
            <Button onClick={filters.clear}>Clear the filters</Button>
          ) : (
            <Button asChild>
              <a href="/ops/traces">To the traces</a>
            </Button>
          )
        }
      />
    </div>
  )
}
