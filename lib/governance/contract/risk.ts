import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'

const Name = z.string().min(1).max(200)

export const RiskQuestion = z.object({
  tenant_id: TenantId.optional(),
  tool_count: z.number().int().min(0).max(10_000),
  tool_names: z.array(Name).max(1_000).default([]),
  skill_state: z.enum(['draft', 'tested', 'approved', 'active', 'deprecated']).optional(),
  temperature: z.number().min(0).max(2).default(0.7),
  data_sensitivity: z.enum(['none', 'low', 'medium', 'high', 'pii']).default('none'),
  model: Name.optional(),
  skill_tested: z.boolean().default(false),
  skill_pinned: z.boolean().default(false),
  custom_flags: z.array(Name).max(100).default([]),
})

// How much each factor weighs, in percent of a score: whole numbers, so that the sum is exact.
export const RISK_WEIGHTS = {
  tool_breadth: 20,
  skill_maturity: 20,
  model_volatility: 15,
  data_sensitivity: 20,
  custom_factors: 10,
  adapter: 15,
} as const

const Factor = z.number().min(0).max(100)

export const RiskReply = z.object({
  status: z.literal('ok'),
  risk_score: z.number().int().min(0).max(100),
  risk_level: z.enum(['low', 'medium', 'high', 'critical']),
  factors: z.object({
    tool_breadth: Factor,
    skill_maturity: Factor,
    model_volatility: Factor,
    data_sensitivity: Factor,
    custom_factors: Factor,
    adapter: Factor,
  }),
  risk_factors: z.array(z.string()),
  recommendations: z.array(z.string()),
})

export const riskScore = contract({
  method: 'POST',
  path: '/risk/score',
  summary: 'Score the risk of a run before it begins',
  guard: service('read'),
  tag: 'governance',
  body: RiskQuestion,
  reply: RiskReply,
  aliases: [
    {
      on: '',
      into: 'risk',
      keys: {
        score: 'risk_score',
        level: 'risk_level',
        factors: 'factors',
        riskFactors: 'risk_factors',
        recommendations: 'recommendations',
      },
    },
  ],
})
export const opsRiskScore = contract({ ...riskScore, path: '/ops/api/risk/score', guard: ops('dashboard:view') })
