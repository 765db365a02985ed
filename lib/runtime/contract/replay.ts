import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { Trace, TraceDiff } from '@/lib/tracing/contract'

export const REPLAY_MODES = ['strict', 'semantic', 'live'] as const
export type ReplayMode = (typeof REPLAY_MODES)[number]

export const DIVERGENCE_KINDS = [
  ...['model', 'parameters', 'prompt', 'tools', 'history', 'steps', 'answer', 'tool_calls', 'tool_arguments'],
] as const

const name = z.string().min(1).max(200)
const Versions = z.record(z.string(), z.string())
const text = z.string().nullable()

const Asked = z.object({ tenant_id: TenantId.optional() })

export const ReplayBody = z.object({
  mode: z
    .enum(REPLAY_MODES)
    .default('strict')
    .meta({ description: 'strict asks nobody; semantic asks the model; live also calls tools that only read' }),
  model: name.optional(),
  provider: name.optional(),
  temperature: z.number().min(0).max(2).optional(),
  workspace_version: z
    .string()
    .regex(/^(?:current|[0-9a-fA-F]{16}|[0-9a-fA-F]{64})$/, 'must be current, or 16 or 64 hexadecimal digits')
    .optional()
    .meta({ description: 'A kept version, or current for the files as they are now; the recorded one unless given' }),
  skill_version: name.optional(),
  skill_versions: Versions.optional(),
  decision_id: Uuid.optional().meta({ description: 'An approval of this very replay' }),
  tenant_id: TenantId.optional(),
})
export type ReplayBody = z.output<typeof ReplayBody>

export const Divergence = z.object({
  step: z.number().int().meta({ description: 'Which step of the recorded run it is, from 1' }),
  kind: z.enum(DIVERGENCE_KINDS),
  what: z.string().meta({ description: 'In words; it quotes nothing below admin' }),
})
export type Divergence = z.output<typeof Divergence>

export const ReplayReply = z.object({
  status: z.enum(['completed', 'diverged', 'failed']),
  message: z.string(),
  trace_id: Uuid,
  original_trace_id: Uuid,
  original_trace: Trace,
  replay_config: z.object({
    mode: z.enum(REPLAY_MODES),
    model: z.string(),
    provider: z.string(),
    temperature: z.number(),
    workspace_version: text,
    skill_versions: Versions,
  }),
  mode: z.enum(REPLAY_MODES),
  first_divergence: Divergence.optional(),
  diff: TraceDiff,
})

export type ReplayReply = z.output<typeof ReplayReply>

const Message = z.object({ role: z.string(), content: text })

export const ReplayContext = z.object({
  trace_id: Uuid,
  original_request: z.object({
    message: text,
    messages: z.array(Message),
    metadata: z.record(z.string(), z.unknown()),
  }),
  workspace_snapshot: z.object({
    hash: text,
    files: z.record(z.string(), text).meta({ description: 'By path; null is a file whose text is not kept' }),
  }),
  skill_versions: Versions,
  model: z.string(),
  provider: z.string(),
  temperature: z.number().nullable(),
  max_tokens: z.number().int().nullable(),
  system_prompt: text,
  tools: z.array(z.object({ name: z.string(), description: text })),
  steps: Trace.shape.steps,
  is_replayable: z.boolean(),
  reason: text.meta({ description: 'Why it cannot be replayed' }),
  withheld: z.boolean(),
})

export type ReplayContext = z.output<typeof ReplayContext>

const shape = { tag: 'traces', params: z.object({ id: Uuid }) } as const
// Keyed by paths, names and values of the operator.
const verbatim = ['files', 'metadata', 'steps'] as const

const context = { ...shape, method: 'GET', camel: true, verbatim, query: Asked, reply: ReplayContext } as const

const again = {
  ...shape,
  method: 'POST',
  camel: true,
  verbatim: ['changes', 'parameters', 'skills'],
  leavesTrace: true,
  body: ReplayBody,
  reply: ReplayReply,
} as const

export const replayContext = contract({
  ...context,
  path: '/traces/{id}/replay',
  summary: 'All that a run was given, for running it again',
  guard: service('read'),
})

export const opsReplayContext = contract({
  ...context,
  path: '/ops/api/traces/{id}/replay',
  summary: 'What a run was given; texts only for those who may see them',
  guard: ops('trace:replay'),
})

export const replayTrace = contract({
  ...again,
  path: '/traces/{id}/replay',
  summary: 'Run a recorded run again; nothing leaves the server but questions to the model and reads',
  guard: service('run'),
})

export const opsReplayTrace = contract({
  ...again,
  path: '/ops/api/traces/{id}/replay',
  summary: 'Run a recorded run again, as an operator',
  guard: ops('trace:replay'),
})
