import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'
import { Count, Coverage, Day, Micro, Window } from './coverage'

export const COST_PARTS = ['workspace', 'skill', 'model', 'role', 'environment'] as const
export type CostPart = (typeof COST_PARTS)[number]

const Sums = { total_cost: z.number(), total_cost_micro_usd: Micro, trace_count: Count }

const ForecastOfCost = z.object({
  period_start: Timestamp,
  period_end: Timestamp,
  spent: z.number(),
  spent_micro_usd: Micro,
  average_daily: z.number(),
  average_daily_micro_usd: Micro,
  recent_daily_micro_usd: Micro.meta({ description: 'Of the last seven whole days' }),
  days_remaining: Count,
  projected: z.number().meta({ description: 'Spent, and the average of this period for every day that remains' }),
  projected_micro_usd: Micro,
  projected_recent_micro_usd: Micro.meta({ description: 'The same at the pace of the last seven days' }),
})
export type ForecastOfCost = z.output<typeof ForecastOfCost>

const CostDashboard = z.object({
  daily: z.array(z.object({ day: Day, ...Sums })).meta({ description: 'Every day of the window, oldest first' }),
  total_cost: z.number(),
  total_cost_micro_usd: Micro,
  trace_count: Count,
  by_workspace: z.array(z.object({ workspace_id: z.string(), ...Sums })),
  by_skill: z
    .array(z.object({ skill_name: z.string(), ...Sums }))
    .meta({ description: 'A run with several skills counts toward each' }),
  by_model: z.array(z.object({ model: z.string(), ...Sums })),
  by_role: z.array(z.object({ agent_role: z.string(), ...Sums })),
  by_environment: z.array(z.object({ environment: z.string(), ...Sums })),
  by_origin: z.array(z.object({ origin: z.string(), ...Sums })),
  parts: z
    .object({
      by: z.enum(COST_PARTS),
      names: z.array(z.string()).meta({ description: 'The dearest first' }),
      has_others: z.boolean().meta({ description: 'The last figure of a day is all the others together' }),
      is_overlapping: z.boolean().meta({ description: 'One run may count toward several: the parts do not add up' }),
      daily: z.array(z.object({ day: Day, costs_micro_usd: z.array(Micro) })),
    })
    .meta({ description: 'The course of the dearest parts' }),
  ledger: z.object({
    total_cost: z.number(),
    total_cost_micro_usd: Micro.meta({ description: 'What was charged in the window, as /usage says it' }),
    difference_micro_usd: Micro.meta({ description: 'Charged, less the cost of the traces that are kept' }),
    explanation: z.string().nullable(),
  }),
  forecast: ForecastOfCost.meta({ description: 'To the end of this month, UTC, from the ledger' }),
  coverage: Coverage,
})
export type CostDashboard = z.output<typeof CostDashboard>

const shape = {
  method: 'GET',
  tag: 'dashboards',
  camel: true,
  summary: 'What runs cost: by day, workspace, skill, model and role, with a forecast; from kept sums',
  query: z.object({ ...Window, by: z.enum(COST_PARTS).default('workspace') }),
  reply: z.object({ dashboard: CostDashboard }),
} as const

export const costDashboard = contract({ ...shape, path: '/dashboards/cost', guard: service('read') })
export const opsCostDashboard = contract({
  ...shape,
  path: '/ops/api/dashboards/cost',
  guard: ops('dashboard:view'),
})
