import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

const nullable = z.string().nullable()

const Step = z.object({
  type: z.enum(['llm_call', 'tool_call', 'tool_result', 'error', 'decision']),
  timestamp: Timestamp,
  duration_ms: z.number().int(),
  data: z.record(z.string(), z.unknown()).meta({ description: 'Withheld below admin' }),
  step_id: z.string(),
  prev_step_hash: nullable,
  step_hash: z.string(),
})

const ToolCall = z.object({
  id: z.string(),
  name: z.string(),
  arguments: z.unknown().optional(),
  result: z.unknown().optional(),
  duration_ms: z.number().int(),
  permitted: z.boolean(),
  success: z.boolean(),
})

export const Trace = z.object({
  id: Uuid,
  execution_id: Uuid,
  tenant_id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  kind: z.string(),
  user_id: nullable,
  agent_role: nullable,
  session_key: nullable,
  status: z.enum(['running', 'success', 'error', 'timeout', 'cancelled']),
  stop_reason: nullable,
  started_at: Timestamp,
  completed_at: Timestamp.nullable(),
  duration_ms: z.number().int().nullable(),
  workspace_hash: nullable,
  prompt_source: z.string(),
  correlation_id: nullable,
  provider: z.string(),
  model: z.string(),
  input: z.object({ message: nullable, message_history: z.number().int() }),
  output: z.object({ message: nullable, tool_calls: z.array(ToolCall) }),
  steps: z.array(Step),
  usage: z.object({
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    cache_read_tokens: z.number().int(),
    cache_write_tokens: z.number().int(),
    total_tokens: z.number().int(),
    total_cost: z.number(),
    usage_estimated: z.boolean(),
  }),
  cost: z.object({
    model: z.string(),
    total_cost: z.number(),
    total_cost_micro_usd: z.number().int(),
    currency: z.literal('USD'),
  }),
  redacted_prompt: nullable,
  error: nullable,
  error_code: nullable,
  task_id: nullable,
  message_id: nullable,
  document_id: nullable,
  delivery: z.enum(['posted', 'pending', 'suppressed', 'none', 'refused']),
  suppressed: z.boolean(),
  risk: z.object({ score: z.number().int(), level: z.string(), factors: z.unknown(), inputs: z.unknown() }).nullable(),
  withheld: z.boolean().meta({ description: 'Texts and payloads were left out for this reader' }),
})
export type Trace = z.output<typeof Trace>

const shape = {
  method: 'GET',
  tag: 'traces',
  camel: true,
  params: z.object({ id: Uuid }),
  reply: z.object({ trace: Trace }),
  aliases: [{ on: 'trace', keys: { start_time: 'started_at', end_time: 'completed_at', agent_id: 'agent_role' } }],
} as const

export const getTrace = contract({
  ...shape,
  path: '/traces/{id}',
  summary: 'One trace with its steps',
  guard: service('read'),
})

export const opsGetTrace = contract({
  ...shape,
  path: '/ops/api/traces/{id}',
  summary: 'One trace; texts and payloads only for those who may see them',
  guard: ops('trace:view'),
})
