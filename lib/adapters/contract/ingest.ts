import { z } from 'zod'
import { adapter, contract } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { AdapterId, Capability, ToolName } from './adapter'
import { CostUsd, EnvironmentName, ExecutionId } from './execution'

export const PAYLOAD_KINDS = ['trace', 'audit', 'cost', 'metrics', 'violations'] as const
export type PayloadKind = (typeof PAYLOAD_KINDS)[number]

const word = z.string().min(1).max(200)
const count = z.number().int().min(0).max(2_147_483_647)
const Duration = z.number().int().min(0).max(2_147_483_647)
const LongText = z.string().max(500_000)
const Facts = z.record(z.string(), z.unknown())

const Ids = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  execution_id: ExecutionId,
  trace_id: Uuid,
  adapter_id: AdapterId,
})

const LlmCall = z.object({
  model: word.default(''),
  provider: word.default(''),
  input_tokens: count.default(0),
  output_tokens: count.default(0),
  cost: z.number().min(0).max(1_000_000).optional(),
  has_tool_calls: z.boolean().default(false),
  finish_reason: z
    .string()
    .regex(/^[A-Za-z_]{1,40}$/, 'must be one word')
    .optional(),
  text: LongText.optional(),
})
const ToolCallData = z.object({
  tool_call_id: word,
  tool_name: ToolName,
  arguments: z.unknown().optional(),
  permitted: z.boolean().default(true),
  permission_reason: z.string().max(1_000).optional(),
  tool_token_jti: Uuid.optional(),
  tool_token_scope_hash: word.optional(),
})
const ToolResultData = z.object({
  tool_call_id: word,
  tool_name: ToolName,
  success: z.boolean(),
  result: z.unknown().optional(),
  error: LongText.optional(),
})
const ErrorData = z.object({
  code: word.default('error'),
  message: LongText.default(''),
  recoverable: z.boolean().default(true),
})

const step = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.object({ type: z.literal(type), timestamp: Timestamp, duration_ms: Duration.default(0), data })

export const ReportedStep = z.discriminatedUnion('type', [
  step('llm_call', LlmCall),
  step('tool_call', ToolCallData),
  step('tool_result', ToolResultData),
  step('error', ErrorData),
  step('decision', Facts),
])
export type ReportedStep = z.output<typeof ReportedStep>

export const ReportedTrace = z.object({
  name: z.string().max(500).optional(),
  status: z.enum(['success', 'error', 'timeout', 'cancelled']).default('success'),
  started_at: Timestamp,
  completed_at: Timestamp.optional(),
  duration_ms: Duration.optional(),
  agent_role: word.optional(),
  user_id: z.string().min(1).max(256).optional(),
  environment: EnvironmentName.optional(),
  provider: word.optional(),
  model: word.optional(),
  input: z.object({ message: LongText.nullable().optional() }).optional(),
  output: z.object({ message: LongText.nullable().optional() }).optional(),
  steps: z.array(ReportedStep).max(2_000).default([]),
  usage: z.object({ input_tokens: count.default(0), output_tokens: count.default(0) }).optional(),
  error: z
    .union([LongText, z.object({ code: word.optional(), message: LongText })])
    .nullable()
    .optional(),
  labels: z.record(word, z.string().max(1_000)).optional(),
  used_scope: z.object({ capabilities: z.array(Capability).max(200) }).optional(),
})
export type ReportedTrace = z.output<typeof ReportedTrace>

const Tokens = z.union([
  count,
  z.object({ input: count.default(0), output: count.default(0) }),
  z
    .object({ input_tokens: count.default(0), output_tokens: count.default(0) })
    .transform(({ input_tokens: input, output_tokens: output }) => ({ input, output })),
])

export const PAYLOADS = {
  trace: Ids.extend({ trace: ReportedTrace }),
  audit: Ids.extend({
    event_type: z.string().regex(/^[A-Za-z0-9_.:-]{1,80}$/, 'must be 1 to 80 letters, digits or _.:-'),
    occurred_at: Timestamp,
    message: z.string().max(10_000).optional(),
    event_data: Facts.optional(),
  }),
  cost: Ids.extend({
    cost_usd: CostUsd,
    recorded_at: Timestamp,
    tokens: Tokens.optional(),
    model: word.optional(),
    provider: word.optional(),
  }),
  metrics: Ids.extend({
    step_count: z.number().int().min(0).max(1_000_000),
    duration_ms: Duration,
    recorded_at: Timestamp,
  }),
  violations: Ids.extend({
    violation_type: z.string().regex(/^[A-Za-z0-9_.:-]{1,80}$/, 'must be 1 to 80 letters, digits or _.:-'),
    message: z.string().max(10_000),
    occurred_at: Timestamp,
    data: Facts.optional(),
  }),
} as const
export type Payload<K extends PayloadKind> = z.output<(typeof PAYLOADS)[K]>

export const SignedEnvelope = z.object({
  envelope_version: z.literal('v1'),
  adapter_id: AdapterId,
  adapter_version: z.string().min(1).max(100),
  issued_at: Timestamp,
  execution_id: ExecutionId,
  trace_id: Uuid,
  payload_type: z.enum(PAYLOAD_KINDS),
  payload: Facts,
  payload_hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
  signature: z.string().min(1).max(1_000).meta({ description: 'base64 or base64url' }),
})
export type SignedEnvelope = z.output<typeof SignedEnvelope>

// Either the plain payload or a signed envelope around it; which of them it is, and all that is wrong with it, the
// verb says.
const Body = z.looseObject({
  envelope_version: z.string().max(10).optional().meta({ description: 'v1 in a signed envelope' }),
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
})

const taking = (kind: PayloadKind, summary: string) =>
  ({
    method: 'POST',
    summary: `${summary}; plain, or as a signed envelope v1`,
    guard: adapter,
    tag: 'external agents',
    body: Body,
    reply: z.object({ status: z.enum(['ok', 'duplicate']) }),
    path: `/api/ingest/${kind}`,
  }) as const

export const ingestTrace = contract({
  ...taking('trace', 'The trace of a run elsewhere'),
  path: '/api/ingest/trace',
  maxBodyBytes: 8_388_608,
})
export const ingestAudit = contract({ ...taking('audit', 'An event of a run elsewhere'), path: '/api/ingest/audit' })
export const ingestCost = contract({ ...taking('cost', 'What a run elsewhere has cost'), path: '/api/ingest/cost' })
export const ingestMetrics = contract({
  ...taking('metrics', 'Steps and time of a run elsewhere'),
  path: '/api/ingest/metrics',
})
export const ingestViolations = contract({
  ...taking('violations', 'What a run elsewhere did beyond its bounds'),
  path: '/api/ingest/violations',
})
