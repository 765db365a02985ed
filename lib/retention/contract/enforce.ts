import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { SAMPLING_STRATEGIES, STORAGE_MODES } from './policy'

export const REASON_CODES = [
  'incident_response',
  'hotfix',
  'business_deadline',
  'data_correction',
  'data_subject_request',
  'other',
] as const

const Effect = z.object({
  traces_deleted: z.number().int(),
  traces_reduced: z.number().int(),
  bytes_reclaimed: z.number().int(),
})

export const EnforceResult = Effect.extend({
  tenant_id: z.string(),
  cutoff_date: Timestamp.meta({ description: 'What started before is deleted' }),
  duration_ms: z.number().int(),
  oldest_remaining_trace: Timestamp.nullable(),
  bodies_deleted: z.number().int().meta({ description: 'Texts that no trace held any more' }),
  snapshots_deleted: z.number().int(),
  dry_run: z.boolean(),
  is_complete: z.boolean().meta({ description: 'False: the time of a request was not enough, a job does the rest' }),
  legal_hold: z.boolean(),
  held_back: Effect.nullable().meta({ description: 'Dry run under a legal hold: what the policy would do without it' }),
  left: z.object({ running: z.number().int(), pending: z.number().int() }).meta({
    description: 'Due, but still running or with an answer or a webhook to deliver',
  }),
  pass_id: z.string().nullable().meta({ description: 'Found in the audit log' }),
  ids_sha256: z.string().nullable().meta({ description: 'SHA-256 over the ids deleted, in order, a line each' }),
})
export type EnforceResult = z.output<typeof EnforceResult>

const camelOf = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

// What is called `result` is data elsewhere and gets no second spelling of its keys by itself.
const ALIASES = [
  {
    on: 'result',
    keys: Object.fromEntries(
      Object.keys(EnforceResult.shape)
        .filter((key) => key.includes('_'))
        .map((key) => [camelOf(key), key]),
    ),
  },
] as const

const enforcing = {
  method: 'POST',
  tag: 'retention',
  camel: true,
  body: z.object({
    tenant_id: TenantId.optional().meta({ description: 'Without it: every tenant of the caller' }),
    dry_run: z.boolean().optional(),
    reason_code: z.enum(REASON_CODES).optional(),
    justification: z.string().trim().max(1000).optional(),
  }),
  reply: z.object({
    status: z.literal('ok'),
    result: EnforceResult.optional().meta({ description: 'Where a tenant was named' }),
    results: z.array(EnforceResult).optional(),
    total_deleted: z.number().int().optional(),
  }),
  aliases: ALIASES,
} as const

export type Enforcement = z.output<(typeof enforcing)['body']>
export type Enforced = z.input<(typeof enforcing)['reply']>

export const enforceRetention = contract({
  ...enforcing,
  path: '/retention/enforce',
  summary: 'Delete and reduce now what the policy says; dry_run counts and changes nothing',
  guard: service('admin'),
})

export const opsEnforceRetention = contract({
  ...enforcing,
  path: '/ops/api/retention/enforce',
  summary: 'Delete and reduce now what the policy says',
  guard: ops('retention:modify'),
})

// Whoever may see a policy may see what it would do.
export const opsPreviewRetention = contract({
  method: 'GET',
  path: '/ops/api/retention/preview',
  summary: 'What a pass would do now, under the policy or another one; nothing is changed',
  guard: ops('retention:view'),
  tag: 'retention',
  camel: true,
  query: z.object({
    tenant_id: TenantId.optional(),
    retention_days: z.coerce.number().int().min(1).max(3650).optional(),
    sampling_strategy: z.enum(SAMPLING_STRATEGIES).optional(),
    storage_mode: z.enum(STORAGE_MODES).optional(),
  }),
  reply: z.object({ result: EnforceResult }),
  aliases: ALIASES,
})
