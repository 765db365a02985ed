import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { EnvironmentName } from '@/lib/workspace/contract'

export * from './contract/replay'

const MAX_HISTORY = 2_000
const MAX_KEYS = 1_000
const text = (max: number) => z.string().min(1).max(max)
const isOfSize = (record: object): boolean => Object.keys(record).length <= MAX_KEYS
const TOO_MANY_KEYS = `must have at most ${MAX_KEYS} keys`

const HistoryEntry = z.object({ role: z.enum(['user', 'assistant', 'system']), content: z.string() })

const Environment = EnvironmentName.meta({
  description: 'Where it runs; the default one of the workspace unless given',
})

// What is not named here is kept with the trace as it came.
const RunMetadata = z.looseObject({
  system_prompt: z.string().optional(),
  kickoff_plan: z.boolean().optional(),
  kickoff_note: z.string().optional(),
  plan_title: text(500).optional(),
  workspace_id: WorkspaceId.optional(),
  environment: Environment.optional(),
  timezone: text(100).optional(),
  skipSmartContext: z.boolean().optional(),
  forceIncludeSkills: z.array(text(100)).max(64).optional(),
  smart_context_max_skills: z.number().int().min(0).max(64).optional(),
  smart_context_max_memory: z.number().int().min(0).max(100).optional(),
  smart_context_token_budget: z.number().int().min(0).max(1_000_000).optional(),
  type: text(100).optional(),
  notification_id: text(500).optional(),
  heartbeat: z.boolean().optional(),
  data_sensitivity: z.enum(['none', 'low', 'medium', 'high', 'pii']).optional(),
  custom_flags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/))
    .max(5)
    .optional(),
})
export type RunMetadata = z.output<typeof RunMetadata>

const Webhook = z.object({
  url: text(2_048),
  secret: text(512).optional(),
  headers: z.record(z.string().min(1).max(100), z.string().max(2_048)).optional(),
})

const Conversation = z.object({
  user_id: text(256),
  session_key: text(1_024),
  message: z.string().refine((message) => message.trim() !== '', 'must not be empty'),
  messages: z.array(HistoryEntry).max(MAX_HISTORY).optional(),
  task_id: text(256).optional(),
  task_title: text(500).optional(),
  task_description: z.string().max(20_000).optional(),
  task_metadata: z.record(z.string(), z.unknown()).refine(isOfSize, TOO_MANY_KEYS).optional(),
  metadata: RunMetadata.refine(isOfSize, TOO_MANY_KEYS).optional(),
  model: text(200).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().min(1).max(1_000_000).optional(),
  decision_id: Uuid.optional().meta({ description: 'An approval of this very request, used up by it' }),
  idempotency_key: text(255).optional(),
})
export type Conversation = z.output<typeof Conversation>

const SendBody = Conversation.extend({ webhook: Webhook.optional(), stream: z.boolean().optional() })
export type SendBody = z.output<typeof SendBody>

const UsageReply = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  usage_estimated: z.boolean().optional(),
})

const Cost = z.object({
  model: z.string(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  input_cost: z.number(),
  output_cost: z.number(),
  total_cost: z.number(),
  total_cost_micro_usd: z.number().int(),
  currency: z.literal('USD'),
})

// Set where the run waits for a person; it goes on by itself once all of them are decided.
const Waits = {
  decision_id: Uuid.optional(),
  decision_ids: z.array(Uuid).optional(),
  required_role: z.string().optional(),
  expires_at: Timestamp.optional(),
}

export const RunReply = z.object({
  status: z.enum(['ok', 'pending_approval']),
  task_id: z.string().nullable(),
  trace_id: Uuid,
  execution_id: Uuid,
  response: z.string(),
  usage: UsageReply,
  cost: Cost,
  context_warning: z.string().optional(),
  message_id: z.string().optional(),
  document_id: z.string().optional(),
  delivery: z.enum(['posted', 'pending', 'suppressed', 'none', 'refused']),
  suppressed: z.boolean().optional(),
  stop_reason: z.enum(['completed', 'step_limit', 'budget', 'cancelled', 'approval_required']),
  ...Waits,
  provider: z.string(),
})
export type RunReply = z.output<typeof RunReply>

const Typed = <T extends string, S extends z.ZodRawShape>(type: T, rest: S) =>
  z.object({ type: z.literal(type), ...rest })

const EVENTS = {
  start: Typed('start', {
    trace_id: Uuid,
    execution_id: Uuid.nullable().meta({ description: 'null where the start takes long' }),
    task_id: z.string().nullable(),
  }),
  chunk: Typed('chunk', { data: z.string() }),
  tool_call: Typed('tool_call', { id: z.string(), name: z.string(), permitted: z.boolean() }),
  tool_result: Typed('tool_result', {
    id: z.string(),
    name: z.string(),
    success: z.boolean(),
    duration_ms: z.number().int(),
  }),
  approval_required: Typed('approval_required', { trace_id: Uuid, execution_id: Uuid, ...Waits }),
  done: Typed('done', {
    usage: UsageReply,
    cost: Cost,
    trace_id: Uuid,
    execution_id: Uuid,
    task_id: z.string().nullable(),
    response: z.string(),
    delivery: RunReply.shape.delivery,
    suppressed: z.boolean().optional(),
    stop_reason: RunReply.shape.stop_reason,
    ...Waits,
    context_warning: z.string().optional(),
  }),
  error: Typed('error', { error: z.string(), code: z.string(), trace_id: Uuid }),
}

const run = {
  method: 'POST',
  guard: service('run'),
  tag: 'agents',
  idempotent: true,
  acceptedWhen: 'pending_approval',
  leavesTrace: true,
  endsByItself: true,
  also: { idempotency_key: ['idempotencyKey'] },
  aliases: [{ on: 'cost', keys: {} }],
} as const

export const send = contract({
  ...run,
  path: '/api/agents/send',
  summary: 'Run an agent on a message and post its answer',
  body: SendBody,
  reply: RunReply,
  orStream: EVENTS,
})

export const stream = contract({
  ...run,
  path: '/api/agents/stream',
  summary: 'Run an agent on a message and stream its answer',
  body: Conversation,
  stream: EVENTS,
  replyType: 'stream',
})

const Playground = z.object({
  message: Conversation.shape.message,
  messages: Conversation.shape.messages,
  role: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
  workspace_id: WorkspaceId.optional(),
  environment: Environment.optional(),
  model: text(200).optional(),
  temperature: Conversation.shape.temperature,
  task_title: Conversation.shape.task_title,
})
export type Playground = z.output<typeof Playground>

export const opsStream = contract({
  method: 'POST',
  path: '/ops/api/agents/stream',
  summary: 'Try an agent out and stream its answer',
  guard: ops('agent:run'),
  tag: 'agents',
  leavesTrace: true,
  endsByItself: true,
  body: Playground,
  stream: EVENTS,
  replyType: 'stream',
})

const Model = z.object({ name: z.string(), provider: z.string(), is_default: z.boolean(), is_demo: z.boolean() })

export const opsPlayground = contract({
  method: 'GET',
  path: '/ops/api/playground',
  summary: 'What can be tried out: workspaces, roles, models',
  guard: ops('agent:run'),
  tag: 'agents',
  query: z.object({ workspace_id: WorkspaceId.optional(), environment: Environment.optional() }),
  reply: z.object({
    workspaces: z.array(z.object({ id: z.string(), name: z.string() })),
    workspace_id: z.string(),
    workspace_hash: z.string(),
    environment: z.string(),
    environments: z.array(z.object({ name: z.string(), is_default: z.boolean(), is_pinned: z.boolean() })),
    roles: z.array(z.string()),
    models: z.array(Model),
  }),
})

const CompactBody = z.object({
  messages: z.array(HistoryEntry).min(1).max(MAX_HISTORY),
  instructions: z.string().max(20_000).optional(),
  keep_recent: z.number().int().min(0).default(2),
  decision_id: Uuid.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: Environment.optional(),
  user_id: text(256).optional(),
})
export type CompactBody = z.output<typeof CompactBody>

export const compact = contract({
  method: 'POST',
  path: '/compact',
  summary: 'Replace the older part of a conversation by a summary',
  guard: service('run'),
  tag: 'agents',
  leavesTrace: true,
  body: CompactBody,
  reply: z.object({
    status: z.literal('ok'),
    compacted_messages: z.array(HistoryEntry),
    usage: UsageReply,
    cost: Cost,
    original_count: z.number().int(),
    compacted_count: z.number().int(),
    trace_id: Uuid.nullable(),
  }),
})

const LlmTaskBody = z.object({
  decision_id: Uuid.optional(),
  prompt: z.string().refine((prompt) => prompt.trim() !== '', 'must not be empty'),
  input: z.unknown().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  model: text(200).optional(),
  temperature: z.number().min(0).max(2).default(0.3),
  max_tokens: z.number().int().min(1).max(1_000_000).optional(),
  workspace_id: WorkspaceId.optional(),
  environment: Environment.optional(),
  user_id: text(256).optional(),
})
export type LlmTaskBody = z.output<typeof LlmTaskBody>

export const llmTask = contract({
  method: 'POST',
  path: '/llm-task',
  summary: 'One question to a model, answered as JSON',
  guard: service('run'),
  tag: 'agents',
  leavesTrace: true,
  body: LlmTaskBody,
  reply: z.object({
    status: z.literal('ok'),
    output: z.unknown(),
    usage: UsageReply,
    cost: Cost,
    validated: z.boolean(),
    trace_id: Uuid,
  }),
})

const CANCEL = {
  method: 'POST',
  tag: 'traces',
  summary: 'End a run that waits for an approval; what it waits for is closed with it',
  params: z.object({ id: Uuid }),
  reply: z.object({ status: z.literal('ok'), trace_id: Uuid }),
} as const

export const cancelRun = contract({ ...CANCEL, path: '/traces/{id}/cancel', guard: service('write') })

export const opsCancelRun = contract({ ...CANCEL, path: '/ops/api/traces/{id}/cancel', guard: ops('agent:run') })
