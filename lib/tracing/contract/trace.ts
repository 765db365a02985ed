import { z } from 'zod'
import { Timestamp } from '@/lib/shared/time'
import { INTEGRITY, Labels, TraceSummary } from './summary'

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

const GrantedScope = z.object({
  capabilities: z.array(z.string()),
  max_steps: z.number().int().nullable(),
  max_cost: z.number().nullable(),
})
const UsedScope = z.object({
  capabilities: z.array(z.string()),
  step_count: z.number().int(),
  actual_cost: z.number(),
})

const TraceRest = z.object({
  input: z.object({ message: nullable, message_history: z.number().int() }),
  output: z.object({ message: nullable, tool_calls: z.array(ToolCall) }),
  steps: z.array(Step),
  redacted_prompt: nullable,
  granted_scope: GrantedScope.nullable(),
  used_scope: UsedScope.nullable(),
  violations: z.array(z.object({ type: z.string(), message: z.string(), timestamp: Timestamp })),
  integrity_status: z.enum(INTEGRITY),
  integrity_failures: z.array(z.string()),
  integrity_checked_at: Timestamp.nullable(),
  withheld: z.boolean().meta({ description: 'Texts and payloads were left out for this reader' }),
})

const risk = { score: z.number().int(), level: z.string(), factors: z.unknown() }

export const Trace = TraceSummary.extend(TraceRest.shape).extend({
  risk: z.object({ ...risk, inputs: z.unknown() }).nullable(),
})
export type Trace = z.output<typeof Trace>

// In a list, where view=full adds what a summary leaves out.
export const TraceInList = TraceSummary.extend(TraceRest.partial().shape).extend({
  risk: z.object({ ...risk, inputs: z.unknown().optional() }).nullable(),
})

const Linked = z.object({ value: z.string(), url: z.string().nullable() })

// What the console shows of one trace.
export const TraceDetail = Trace.extend({
  skill_states: Labels,
  governance_signals: z.object({
    redaction_applied: z.boolean(),
    permission_denials: z.array(z.object({ tool_name: z.string(), reason: z.string() })),
  }),
  redaction_info: z.object({
    applied: z.boolean(),
    types_detected: z.array(z.string()),
    count: z.number().int(),
  }),
  linked_ids: z.object({
    task_id: Linked.optional(),
    document_id: Linked.optional(),
    message_id: Linked.optional(),
  }),
  raw_trace: z.record(z.string(), z.unknown()).nullable().meta({ description: 'As it is stored; null when withheld' }),
})
export type TraceDetail = z.output<typeof TraceDetail>
