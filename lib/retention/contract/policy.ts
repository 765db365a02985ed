import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

export const SAMPLING_STRATEGIES = ['full', 'sampled', 'errors_only'] as const
export const STORAGE_MODES = ['full', 'summary', 'minimal'] as const

export const RetentionPolicy = z.object({
  tenant_id: z.string(),
  retention_days: z.number().int(),
  sampling_strategy: z.enum(SAMPLING_STRATEGIES),
  storage_mode: z.enum(STORAGE_MODES),
  legal_hold: z.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})
export type RetentionPolicy = z.output<typeof RetentionPolicy>

const PolicyChange = z.object({
  tenant_id: TenantId.optional(),
  retention_days: z.number().int().min(1).max(3650).optional().meta({ description: '90 where nothing was set before' }),
  sampling_strategy: z.enum(SAMPLING_STRATEGIES).optional(),
  storage_mode: z.enum(STORAGE_MODES).optional(),
  legal_hold: z.boolean().optional().meta({ description: 'While it is set nothing is deleted or reduced' }),
  justification: z.string().trim().max(1000).optional().meta({ description: 'Kept in the audit log' }),
})
export type PolicyChange = z.output<typeof PolicyChange>

const setting = {
  method: 'POST',
  tag: 'retention',
  camel: true,
  body: PolicyChange,
  reply: z.object({ status: z.literal('ok'), policy: RetentionPolicy }),
} as const

export const setRetentionPolicy = contract({
  ...setting,
  path: '/retention/policy',
  summary: 'Set how long traces are kept and in what form; omitted fields keep their value',
  guard: service('write'),
})

export const opsSetRetentionPolicy = contract({
  ...setting,
  path: '/ops/api/retention/policy',
  summary: 'Set how long traces are kept and in what form',
  guard: ops('retention:modify'),
})

const reading = {
  method: 'GET',
  tag: 'retention',
  camel: true,
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({ policy: RetentionPolicy }),
} as const

export const getRetentionPolicy = contract({
  ...reading,
  path: '/retention/policy',
  summary: 'The retention policy of the tenant; 404 where none was set and the default applies',
  guard: service('read'),
})

export const opsGetRetentionPolicy = contract({
  ...reading,
  path: '/ops/api/retention/policy',
  summary: 'The retention policy of the tenant',
  guard: ops('retention:view'),
})

// What the console shows: the rules that hold, and the policy where one was set.
export const opsShowRetention = contract({
  method: 'GET',
  path: '/ops/api/retention',
  summary: 'The rules that hold for the tenant, set or by default',
  guard: ops('retention:view'),
  tag: 'retention',
  camel: true,
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({
    tenant_id: z.string(),
    rules: RetentionPolicy.omit({ tenant_id: true, created_at: true, updated_at: true }),
    policy: RetentionPolicy.nullable(),
  }),
})
export type RetentionView = z.output<typeof opsShowRetention.reply>
