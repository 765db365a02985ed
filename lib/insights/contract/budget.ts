import { z } from 'zod'
import { BudgetKey } from '@/lib/governance/contract/budget'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { Count, Micro } from './coverage'

const BurnPoint = z.object({
  at: Timestamp,
  spent_micro_usd: Micro.nullable().meta({ description: 'Until then, since the period began; null lies ahead' }),
  projected_micro_usd: Micro.nullable().meta({ description: 'At the average of the period; null lies behind' }),
})
export type BurnPoint = z.output<typeof BurnPoint>

const Burn = z.object({
  scope: z.string(),
  budget_micro_usd: Micro,
  hard_limit: z.boolean(),
  alert_threshold: z.number(),
  period: z.string(),
  timezone: z.string(),
  period_start: Timestamp,
  period_end: Timestamp,
  spent_micro_usd: Micro.meta({ description: 'Counted from the ledger, so it says what the budget says' }),
  reserved_micro_usd: Micro,
  average_daily_micro_usd: Micro,
  projected_micro_usd: Micro,
  days_remaining: Count,
  runs_out_at: Timestamp.nullable().meta({
    description: 'When the limit is reached at this pace, if within the period',
  }),
  bucket: z.enum(['hour', 'day']),
  points: z.array(BurnPoint),
})
export type Burn = z.output<typeof Burn>

const shape = {
  method: 'GET',
  tag: 'dashboards',
  camel: true,
  summary: 'How a budget is used up in its period, from the ledger; null where none is set',
  query: z.object({ tenant_id: TenantId.optional(), scope: BudgetKey.default('tenant') }),
  reply: z.object({ burn: Burn.nullable() }),
} as const

export const burnDown = contract({ ...shape, path: '/dashboards/budget', guard: service('read') })
export const opsBurnDown = contract({ ...shape, path: '/ops/api/dashboards/budget', guard: ops('budget:view') })
