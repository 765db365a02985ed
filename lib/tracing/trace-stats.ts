import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { OpsStatsQuery, OpsTraceStats, StatsGroup, TraceFilter } from './contract'
import { type Narrowed, narrow } from './filter'
import { percentileOf } from './histogram'
import { type Group, type Sums, sumsBy } from './store-stats'
import { byStatus, histogramIn, inputOf, NO_SUMS, plusSums, shownSums, sumOf } from './sums'
import { seriesOf, type Width, widthOf } from './time-series'

const statsOf = (groups: readonly Group[]) => {
  const sums = sumOf(groups)
  const { traces, errors, ...shown } = shownSums(sums)
  const histogram = histogramIn(groups)
  return {
    total_traces: traces,
    ...shown,
    error_rate: traces === 0 ? 0 : errors / traces,
    traces_by_status: byStatus(groups),
    p50_duration_ms: percentileOf(histogram, 0.5),
    p95_duration_ms: percentileOf(histogram, 0.95),
  }
}

export const traceStats = async (scope: Scope, query: Partial<TraceFilter>) => ({
  stats: statsOf(await sumsBy(scope, narrow(scope, query), ['status', 'bucket'])),
})

const MOST_GROUPS = 20
const PARTS = ['status', 'model', 'provider', 'role', 'workspace', 'environment', 'origin', 'risk'] as const

const partBy = (groups: readonly Group[], by: (typeof PARTS)[number]): StatsGroup[] => {
  const all = new Map<string, Sums>()
  for (const group of groups) {
    const name = group.keys[by] ?? ''
    all.set(name, plusSums(all.get(name) ?? NO_SUMS, group))
  }
  return [...all]
    .map(([name, sums]) => ({ name, ...shownSums(sums) }))
    .sort((a, b) => b.traces - a.traces || a.name.localeCompare(b.name))
    .slice(0, MOST_GROUPS)
}

const partsIn = (groups: readonly Group[]) => ({
  by_status: partBy(groups, 'status'),
  by_model: partBy(groups, 'model'),
  by_provider: partBy(groups, 'provider'),
  by_role: partBy(groups, 'role'),
  by_workspace: partBy(groups, 'workspace'),
  by_environment: partBy(groups, 'environment'),
  by_origin: partBy(groups, 'origin'),
  by_risk: partBy(groups, 'risk'),
})

const moreOf = (groups: readonly Group[]) => {
  const sums = sumOf(groups)
  return {
    steps: sums.steps,
    tool_calls: sums.toolCalls,
    tokens: {
      input: inputOf(sums),
      output: sums.outputTokens,
      cache_read: sums.cacheReadTokens,
      cache_write: sums.cacheWriteTokens,
      reasoning: sums.reasoningTokens,
    },
  }
}

const coursed = async (scope: Scope, narrowed: Narrowed, window: { start: Date | null; end: Date }, width: Width) => {
  const groups = await sumsBy(scope, narrowed, [width, 'status', 'bucket'])
  return { groups, series: seriesOf(groups, window, width) }
}

export const traceStatsForOps = async (scope: Scope, query: OpsStatsQuery): Promise<OpsTraceStats> => {
  const { bucket, ...filter } = query
  const narrowed = narrow(scope, filter)
  const window = {
    start: query.start_date === undefined ? null : dateOf(query.start_date),
    end: query.end_date === undefined ? scope.clock.now() : dateOf(query.end_date),
  }
  const width = bucket ?? widthOf(window)
  const [parts, { groups, series }] = await Promise.all([
    sumsBy(scope, narrowed, PARTS),
    coursed(scope, narrowed, window, width),
  ])
  return {
    stats: { ...statsOf(groups), ...moreOf(groups) },
    window: { start: window.start?.toISOString() ?? null, end: window.end.toISOString(), bucket: width },
    ...partsIn(parts),
    series,
  }
}
