import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'

const shape = {
  method: 'GET',
  tag: 'retention',
  camel: true,
  query: z.object({ tenant_id: TenantId.optional().meta({ description: 'Without it: every tenant of the caller' }) }),
  reply: z.object({
    stats: z.object({
      total_policies: z.number().int(),
      avg_retention_days: z.number(),
      tenants_needing_cleanup: z.number().int(),
      tenants_by_strategy: z.record(z.string(), z.number().int()),
    }),
    tenants_needing_cleanup: z.array(
      z.object({ tenant_id: z.string(), old_trace_count: z.number().int(), retention_days: z.number().int() }),
    ),
  }),
  aliases: [{ on: 'stats', lift: true }],
  verbatim: ['tenants_by_strategy'],
} as const

export type RetentionStats = z.input<(typeof shape)['reply']>

export const retentionStats = contract({
  ...shape,
  path: '/retention/stats',
  summary: 'Policies, and who has traces that are older than their policy',
  guard: service('read'),
})

export const opsRetentionStats = contract({
  ...shape,
  path: '/ops/api/retention/stats',
  summary: 'Policies, and who has traces that are older than their policy',
  guard: ops('retention:view'),
})
