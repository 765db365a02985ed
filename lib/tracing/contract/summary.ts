import { z } from 'zod'
import { Uuid } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

export const TRACE_STATES = ['running', 'paused', 'success', 'error', 'timeout', 'cancelled'] as const
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const
export const INTEGRITY = ['verified', 'compromised', 'unsigned', 'unverified'] as const
export const TRUST = ['verified', 'verified_with_violations', 'unverified', 'compromised'] as const
export const ARMS = ['stable', 'canary'] as const
export const STORAGE = ['full', 'summary', 'minimal'] as const

const text = z.string().nullable()
const count = z.number().int()

export const Labels = z.record(z.string(), z.string())

export const Usage = z.object({
  input_tokens: count.meta({ description: 'All that was read, from a cache or not' }),
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  total_tokens: count,
  total_cost: z.number(),
  usage_estimated: z.boolean(),
})

export const Cost = z.object({
  model: z.string(),
  total_cost: z.number(),
  total_cost_micro_usd: count,
  currency: z.literal('USD'),
})

export const Risk = z.object({
  score: count,
  level: z.string(),
  factors: z.array(z.string()).meta({ description: 'Names of what raised the score' }),
})

// All of a trace that lists show: no text that a person, a model or a provider wrote.
export const TraceSummary = z.object({
  id: Uuid,
  execution_id: z.string(),
  tenant_id: z.string(),
  workspace_id: z.string(),
  environment: z.string(),
  origin: z.string().meta({ description: 'run and replay are our own; anything else came in from outside' }),
  name: text.meta({ description: 'Name of the root span; null for own runs' }),
  kind: z.string(),
  user_id: text,
  agent_role: text,
  adapter_id: text,
  session_key: text,
  status: z.enum(TRACE_STATES),
  stop_reason: text,
  error_code: text,
  error: text.meta({ description: 'Withheld below admin unless it is a text of our own' }),
  started_at: Timestamp,
  completed_at: Timestamp.nullable(),
  duration_ms: count.nullable(),
  workspace_hash: text,
  pin_id: text.meta({ description: 'The pin that gave it its version; null where the files were taken as they were' }),
  arm: z.enum(ARMS).nullable().meta({ description: 'Which version of a pin with a canary; null without one' }),
  prompt_source: z.string(),
  correlation_id: text,
  provider: z.string(),
  model: z.string(),
  usage: Usage,
  cost: Cost,
  tokens: z.object({ input: count, output: count }),
  total_tokens: count,
  total_cost: z.number(),
  total_cost_micro_usd: count,
  step_count: count,
  span_count: count,
  error_count: count,
  tool_call_count: count,
  task_id: text,
  message_id: text,
  document_id: text,
  delivery: z.enum(['posted', 'pending', 'suppressed', 'none', 'refused']),
  suppressed: z.boolean(),
  risk: Risk.nullable(),
  skill_versions: z.record(z.string(), z.string()),
  deprecated_skill_used: z.boolean(),
  labels: Labels,
  annotations: Labels.meta({ description: 'The newest value of each key' }),
  replay_of: text,
  storage: z.enum(STORAGE).meta({ description: 'What retention has left of it' }),
  integrity: z.object({
    status: z.enum(INTEGRITY).meta({ description: 'Lists do not read steps: there an own run is unverified' }),
    failures: z.array(z.string()),
  }),
  trust_status: z.enum(TRUST),
  snippet: z
    .array(z.object({ text: z.string(), is_match: z.boolean() }))
    .optional()
    .meta({ description: 'Where a search found its words; only for readers who may see texts' }),
})
export type TraceSummary = z.output<typeof TraceSummary>
