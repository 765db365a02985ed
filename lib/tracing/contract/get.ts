import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { Trace, TraceDetail } from './trace'

const LIFTED = [
  ...['id', 'execution_id', 'tenant_id', 'workspace_id', 'user_id', 'environment', 'agent_role', 'agent_id'],
  ...['session_key', 'status', 'stop_reason', 'started_at', 'start_time', 'completed_at', 'end_time', 'duration_ms'],
  ...['workspace_hash', 'model', 'provider', 'error', 'error_code', 'task_id', 'document_id', 'message_id', 'origin'],
  ...['total_tokens', 'total_cost', 'prompt_source', 'correlation_id', 'integrity_status', 'trust_status'],
  ...['labels', 'usage', 'cost', 'skill_versions'],
] as const

const Asked = z.object({
  tenant_id: TenantId.optional(),
  flat: z.enum(['true', 'false']).default('false').meta({ description: 'true repeats the steps at the top level' }),
})

const shape = { method: 'GET', tag: 'traces', camel: true, params: z.object({ id: Uuid }), query: Asked } as const

const times = { start_time: 'started_at', end_time: 'completed_at', agent_id: 'agent_role' } as const
const tokens = { prompt_tokens: 'input_tokens', completion_tokens: 'output_tokens' } as const

export const traceAliases = [
  { on: 'trace.usage', keys: tokens },
  { on: 'trace', keys: times, lift: LIFTED },
] as const
export const listAliases = [
  { on: 'traces.usage', keys: tokens },
  { on: 'traces', keys: times },
] as const

export const getTrace = contract({
  ...shape,
  path: '/traces/{id}',
  summary: 'One trace with its steps',
  guard: service('read'),
  reply: z.object({ trace: Trace, steps: Trace.shape.steps.optional() }),
  aliases: traceAliases,
})

export const opsGetTrace = contract({
  ...shape,
  path: '/ops/api/traces/{id}',
  summary: 'One trace; texts and payloads only for those who may see them',
  guard: ops('trace:view'),
  reply: z.object({ trace: TraceDetail, steps: Trace.shape.steps.optional() }),
  aliases: traceAliases,
})
