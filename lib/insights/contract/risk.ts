import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'
import { Count, Coverage, Day, Micro, Window } from './coverage'

const Levels = z.object({ low: Count, medium: Count, high: Count, critical: Count })

const RiskDashboard = z.object({
  levels: Levels.meta({ description: 'Runs of the whole window by the level of their risk' }),
  trace_count: Count,
  unscored: Count.meta({ description: 'Runs that nobody scored, such as those sent in by OpenTelemetry' }),
  daily: z.array(z.object({ day: Day, trace_count: Count, unscored: Count, levels: Levels })),
  top_factors: z.array(
    z.object({
      factor: z.string(),
      trace_count: Count,
      strength: z.number().meta({ description: 'Of 100, on average over the runs in which it weighed' }),
      points: z.number().meta({ description: 'What it added to the score of such a run, on average' }),
      error_count: Count,
      total_cost: z.number(),
      total_cost_micro_usd: Micro,
    }),
  ),
  by_workspace: z.array(z.object({ workspace_id: z.string(), trace_count: Count, unscored: Count, levels: Levels })),
  recent_high_risk: z.array(z.string()).meta({ description: 'Ids of the newest runs of high and critical risk' }),
  high_risk: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable(),
      kind: z.string(),
      agent_role: z.string().nullable(),
      workspace_id: z.string(),
      environment: z.string(),
      model: z.string(),
      status: z.string(),
      started_at: Timestamp,
      risk_level: z.string(),
      risk_score: z.number().int(),
      total_cost_micro_usd: Micro,
    }),
  ),
  coverage: Coverage,
})
export type RiskDashboard = z.output<typeof RiskDashboard>
export type RiskLevels = z.output<typeof Levels>

const shape = {
  method: 'GET',
  tag: 'dashboards',
  camel: true,
  summary: 'How dangerous runs are: levels over time, top factors, the newest of high risk; from kept sums',
  query: z.object(Window),
  reply: z.object({ dashboard: RiskDashboard }),
} as const

export const riskDashboard = contract({ ...shape, path: '/dashboards/risk', guard: service('read') })
export const opsRiskDashboard = contract({
  ...shape,
  path: '/ops/api/dashboards/risk',
  guard: ops('dashboard:view'),
})
