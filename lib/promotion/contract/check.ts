import { z } from 'zod'

export const CHECK_NAMES = [
  'source_env_exists',
  'source_has_version',
  'target_unlocked',
  'workspace_pinned',
  'gates',
  'deprecated_skills',
  'skill_tests',
  'permission_widening',
  'prompt_size',
  'eval_baseline',
  'impact_reviewed',
  'cost_forecast',
  'risk_delta',
  'evidence_fresh',
  'soak_time',
  'approvals',
] as const
export type CheckName = (typeof CHECK_NAMES)[number]

export const CHECK_STATES = ['waiting', 'running', 'pass', 'fail', 'inconclusive'] as const
export type CheckState = (typeof CHECK_STATES)[number]

export const Check = z.object({
  name: z.enum(CHECK_NAMES),
  passed: z.boolean(),
  status: z.enum(CHECK_STATES).meta({ description: 'Only fail blocks; waiting and running are on their way' }),
  details: z.string().optional(),
  evidence: z.record(z.string(), z.unknown()).optional(),
})
export type Check = z.output<typeof Check>

export const CostForecast = z.object({
  estimated_cost: z.number().meta({ description: 'What runs of the target would cost by the end of the period' }),
  budget_remaining: z.number().nullable(),
  would_exceed_budget: z.boolean(),
  warning: z.string().nullable(),
})
export type CostForecast = z.output<typeof CostForecast>

export const Checks = z.object({
  workspace_id: z.string(),
  source_env: z.string(),
  target_env: z.string(),
  blocked: z.boolean(),
  checks: z.array(Check),
  impact: z.record(z.string(), z.unknown()).optional(),
  cost_forecast: CostForecast.optional(),
  deprecated_skills: z.array(z.string()),
})
export type Checks = z.output<typeof Checks>
