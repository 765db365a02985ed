import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'

const MOST_TOKENS = 100_000_000

export const ForecastQuestion = z.object({
  tenant_id: TenantId.optional(),
  prompt_size: z.number().int().min(1).max(MOST_TOKENS).meta({ description: 'Tokens of the prompt' }),
  max_output_tokens: z.number().int().min(0).max(MOST_TOKENS).default(1_000),
  model: z.string().trim().min(1).max(200),
  provider: z.string().trim().min(1).max(100).optional(),
})

const Micro = z.number().int().min(0)

export const ForecastReply = z.object({
  status: z.literal('ok'),
  forecast: z.object({
    estimated_cost: z.number(),
    estimated_cost_micro_usd: Micro,
    input_cost: z.number(),
    output_cost: z.number(),
    budget_allowed: z.boolean(),
    budget_remaining: z.number().nullable().meta({ description: 'null when there is no budget' }),
    would_exceed_budget: z.boolean(),
    warning: z.string().optional(),
    recommendation: z.enum(['ok', 'warn', 'block']),
  }),
  details: z.object({
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    model: z.string(),
    provider: z.string(),
    input_price_per_token: z.number(),
    output_price_per_token: z.number(),
    price_source: z.enum(['catalogue', 'override', 'fallback']),
    price_version: z.string(),
  }),
})

export const costForecast = contract({
  method: 'POST',
  path: '/cost/forecast',
  summary: 'What a model call would cost, and whether the budget allows it',
  guard: service('read'),
  tag: 'governance',
  body: ForecastQuestion,
  reply: ForecastReply,
  camel: true,
  also: { prompt_size: ['estimated_input_tokens'], max_output_tokens: ['estimated_output_tokens'] },
})
export const opsCostForecast = contract({
  ...costForecast,
  path: '/ops/api/cost/forecast',
  guard: ops('dashboard:view'),
})
