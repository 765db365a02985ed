import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

const UsageTotals = z.object({
  request_count: z.number().int(),
  total_input_tokens: z.number().int(),
  total_output_tokens: z.number().int(),
  total_tokens: z.number().int(),
  total_cost: z.number(),
  total_cost_micro_usd: z.number().int(),
  currency: z.literal('USD'),
  start_date: Timestamp,
  end_date: Timestamp,
})

const shape = {
  method: 'GET',
  tag: 'money',
  camel: true,
  query: z.object({
    tenant_id: TenantId.optional(),
    start_date: Timestamp.optional(),
    end_date: Timestamp.optional(),
  }),
  also: { start_date: ['start_time'], end_date: ['end_time'] },
  reply: UsageTotals,
} as const

export const usage = contract({
  ...shape,
  path: '/usage',
  summary: 'What was used and spent, from the ledger; this month unless dates are given',
  guard: service('read'),
})

export const opsUsage = contract({
  ...shape,
  path: '/ops/api/usage',
  summary: 'What was used and spent',
  guard: ops('dashboard:view'),
})
