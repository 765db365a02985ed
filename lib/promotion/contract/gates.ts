import { z } from 'zod'
import { ROLES } from '@/lib/shared/rbac'

export const GATES_FILE = 'gates.yaml'

const Percent = z.number().min(0).max(10_000)
const Count = z.number().int().min(0)
const Dollars = z.number().min(0).max(10_000)

export const EvalGate = z.strictObject({
  dataset: z.string().min(1).max(200),
  version: z.number().int().min(1).optional().meta({ description: 'Of the dataset; the newest unless given' }),
  min_pass_rate: z.number().min(0).max(1).optional(),
  max_regressions: Count.max(100_000)
    .optional()
    .meta({ description: 'Cases that were better with what the target runs' }),
  max_drift: z.number().min(-1).max(1).optional(),
  repeats: z.number().int().min(1).max(10).optional(),
  model: z.string().min(1).max(200).optional(),
  max_cost_usd: Dollars.optional(),
})
export type EvalGate = z.output<typeof EvalGate>

const BlockOrReport = z.enum(['block', 'report'])
export const WIDENINGS = ['block', 'approval', 'allow'] as const
export const IMPACT_LEVELS = ['low', 'medium', 'high'] as const
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const

const Approvals = z.strictObject({
  required: Count.max(10).optional(),
  from: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
  role: z.enum(ROLES).optional(),
})
const Skills = z.strictObject({ tests: BlockOrReport.optional(), deprecated: BlockOrReport.optional() })
const Prompt = z.strictObject({
  max_characters: Count.max(1_000_000).optional(),
  max_growth_percent: Percent.optional(),
  truncation: BlockOrReport.optional(),
})
const ImpactGate = z.strictObject({
  replays: Count.max(50).optional(),
  required: z.boolean().optional(),
  max_risk: z.enum(IMPACT_LEVELS).optional(),
  max_changed_percent: z.number().min(0).max(100).optional(),
  max_new_failures: Count.max(50).optional(),
  max_cost_increase_percent: Percent.optional(),
  max_cost_usd: Dollars.optional(),
  max_minutes: z.number().min(0.1).max(120).optional(),
})
const CostGate = z.strictObject({ budget: BlockOrReport.optional() })
const RiskGate = z.strictObject({
  max_level: z.enum(RISK_LEVELS).optional(),
  max_increase: Count.max(100).optional(),
})

// What a change has to show before it enters one environment, as it is written in a file. Names that are not known are
// faults: a slip of the pen must not open a gate.
export const GateWish = z.strictObject({
  approvals: Approvals.optional(),
  soak_minutes: Count.max(43_200).optional(),
  evidence_hours: z.number().min(0.1).max(8_760).optional(),
  skills: Skills.optional(),
  permissions: z.strictObject({ widening: z.enum(WIDENINGS).optional() }).optional(),
  prompt: Prompt.optional(),
  evals: z.array(EvalGate).max(20).optional(),
  impact: ImpactGate.optional(),
  cost: CostGate.optional(),
  risk: RiskGate.optional(),
})
export type GateWish = z.output<typeof GateWish>

const EnvironmentName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be the name of an environment')

export const GatesFile = z.strictObject({
  version: z.literal(1).optional(),
  defaults: GateWish.optional(),
  environments: z.record(EnvironmentName, GateWish).optional(),
})
export type GatesFile = z.output<typeof GatesFile>

const limit = z.number().nullable()

// The same with nothing left open; null is no limit.
export const Gate = z.object({
  approvals: z.object({ required: z.number().int(), from: z.array(z.string()).nullable(), role: z.enum(ROLES) }),
  soak_minutes: z.number(),
  evidence_hours: z.number(),
  skills: z.object({ tests: BlockOrReport, deprecated: BlockOrReport }),
  permissions: z.object({ widening: z.enum(WIDENINGS) }),
  prompt: z.object({ max_characters: limit, max_growth_percent: limit, truncation: BlockOrReport }),
  evals: z.array(EvalGate),
  impact: z.object({
    replays: z.number().int(),
    required: z.boolean(),
    max_risk: z.enum(IMPACT_LEVELS),
    max_changed_percent: limit,
    max_new_failures: limit,
    max_cost_increase_percent: limit,
    max_cost_usd: z.number(),
    max_minutes: z.number(),
  }),
  cost: z.object({ budget: BlockOrReport }),
  risk: z.object({ max_level: z.enum(RISK_LEVELS), max_increase: limit }),
})
export type Gate = z.output<typeof Gate>
