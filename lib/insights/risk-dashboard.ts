import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { RISK_WEIGHTS } from '@/lib/governance/contract/risk'
import type { QueryOf, ReplyOf } from '@/lib/shared/contract'
import { usdOf } from '@/lib/shared/money'
import { toWire } from '@/lib/shared/time'
import { type Group, narrow, sumsBy } from '@/lib/tracing'
import type { riskDashboard as contract, RiskDashboard, RiskLevels } from './contract'
import { MOST_ROWS } from './contract/coverage'
import { coverageOf } from './coverage'
import { type Days, lastDays } from './days'
import { type Part, partOf } from './reach'
import { type Fact, newestOfLevel, type RiskyRow, weightiestFacts } from './store'

type Counts = { trace_count: number; unscored: number; levels: RiskLevels }

const NO_LEVELS: RiskLevels = { low: 0, medium: 0, high: 0, critical: 0 }

const isLevel = (name: string): name is keyof RiskLevels => Object.hasOwn(NO_LEVELS, name)

const countIn = (groups: readonly Group[]): Counts => {
  const levels = { ...NO_LEVELS }
  let unscored = 0
  for (const { keys, traces } of groups) {
    const level = keys.risk ?? ''
    if (isLevel(level)) levels[level] += traces
    else unscored += traces
  }
  return { trace_count: groups.reduce((sum, { traces }) => sum + traces, 0), unscored, levels }
}

const grouped = (groups: readonly Group[], key: 'day' | 'workspace'): Map<string, Group[]> => {
  const all = new Map<string, Group[]>()
  for (const group of groups) {
    const name = group.keys[key] ?? ''
    all.set(name, [...(all.get(name) ?? []), group])
  }
  return all
}

const dailyOf = (groups: readonly Group[], { names }: Days): RiskDashboard['daily'] => {
  const days = grouped(groups, 'day')
  return names.map((day) => ({ day, ...countIn(days.get(day) ?? []) }))
}

const dangerOf = ({ levels }: Counts): number => levels.critical * 1e6 + levels.high

// The most dangerous first.
const workspacesOf = (groups: readonly Group[]): RiskDashboard['by_workspace'] =>
  [...grouped(groups, 'workspace')]
    .map(([name, found]) => ({ workspace_id: name, ...countIn(found) }))
    .sort(
      (a, b) =>
        dangerOf(b) - dangerOf(a) || b.trace_count - a.trace_count || (a.workspace_id < b.workspace_id ? -1 : 1),
    )
    .slice(0, MOST_ROWS)

const weightOf = (factor: string): number =>
  Object.hasOwn(RISK_WEIGHTS, factor) ? RISK_WEIGHTS[factor as keyof typeof RISK_WEIGHTS] : 0

const tenth = (value: number): number => Math.round(10 * value) / 10

const factorOf = ({ value, traces, errors, cost, weight }: Fact): RiskDashboard['top_factors'][number] => ({
  factor: value,
  trace_count: traces,
  strength: tenth(weight / traces),
  points: tenth(((weight / traces) * weightOf(value)) / 100),
  error_count: errors,
  total_cost: usdOf(cost),
  total_cost_micro_usd: cost,
})

// Those that added most to all scores together first.
const topFactors = (facts: readonly Fact[]): RiskDashboard['top_factors'] =>
  [...facts].sort((a, b) => weightOf(b.value) * b.weight - weightOf(a.value) * a.weight).map(factorOf)

const riskyOf = (row: RiskyRow): RiskDashboard['high_risk'][number] => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  agent_role: row.agentRole,
  workspace_id: row.workspaceId,
  environment: row.environment,
  model: row.model,
  status: row.status,
  started_at: toWire(row.startedAt),
  risk_level: row.riskLevel ?? '',
  risk_score: row.riskScore ?? 0,
  total_cost_micro_usd: Number(row.costMicroUsd),
})

const newestRisky = async (scope: Scope, part: Part, window: Days): Promise<RiskyRow[]> => {
  const found = await Promise.all(
    ['high', 'critical'].map((level) => newestOfLevel(scope.db, level, part, window, MOST_ROWS)),
  )
  return found
    .flat()
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, MOST_ROWS)
}

export const riskDashboard = async (
  scope: Scope,
  query: QueryOf<typeof contract>,
): Promise<ReplyOf<typeof contract>> => {
  const window = lastDays(scope.clock.now(), query.days)
  const part = partOf(scope, query.workspace_id)
  const narrowed = narrow(scope, {
    workspace_id: query.workspace_id,
    start_date: toWire(window.start),
    end_date: toWire(dateOf(window.end.getTime() - 1)),
  })
  const [groups, factors, risky, coverage] = await Promise.all([
    sumsBy(scope, narrowed, ['day', 'workspace', 'risk']),
    weightiestFacts(scope, { fact: 'risk_factor', part, window }, MOST_ROWS),
    newestRisky(scope, part, window),
    coverageOf(scope, window),
  ])
  return {
    dashboard: {
      ...countIn(groups),
      daily: dailyOf(groups, window),
      top_factors: topFactors(factors),
      by_workspace: workspacesOf(groups),
      recent_high_risk: risky.map(({ id }) => id),
      high_risk: risky.map(riskyOf),
      coverage,
    },
  }
}
