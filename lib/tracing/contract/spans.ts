import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Uuid } from '@/lib/shared/id'
import { cursorOf, limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

const nullable = z.string().nullable()
const whole = z.number().int()
const Nanoseconds = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .meta({ description: 'Nanoseconds since 1970, as decimal digits: more than a number holds' })

export const SpanId = z
  .string()
  .regex(/^[0-9a-fA-F]{16}$/, 'must be 16 hexadecimal digits')
  .meta({ example: '00f067aa0ba902b7' })

export const SpanKindName = z.enum([
  ...['inference', 'embedding', 'retrieval', 'rerank', 'agent', 'tool', 'workflow', 'task'],
  ...['plan', 'guardrail', 'evaluator', 'prompt', 'memory', 'skill', 'step'],
] as const)

// Buckets never overlap. A bucket that nobody spoke of is null, which is not zero.
export const SpanTokens = z.object({
  in_uncached: whole.nullable(),
  cache_read: whole.nullable(),
  cache_write: whole.nullable(),
  out_visible: whole.nullable(),
  reasoning: whole.nullable(),
})

export const SpanRow = z.object({
  id: z.string(),
  parent_id: nullable.meta({ description: 'May name a span that has not arrived' }),
  name: z.string(),
  kind: SpanKindName,
  start_ns: Nanoseconds,
  end_ns: Nanoseconds.nullable(),
  status: z.enum(['ok', 'error', 'unset']),
  provider: nullable,
  model: nullable,
  tool_name: nullable,
  tokens: SpanTokens.nullable(),
  cost_micro_usd: whole.nullable(),
  is_counting: z.boolean().meta({ description: 'Its usage and cost are part of the totals of its trace' }),
  flags: z.array(z.string()),
  is_synthetic: z.boolean().meta({ description: 'Made here: a root that never came, or a step of a run of ours' }),
})
export type SpanRow = z.output<typeof SpanRow>

const Message = z.object({
  role: z.string(),
  parts: z.array(z.record(z.string(), z.unknown())).meta({ description: 'text, reasoning, tool_call, …' }),
  finish_reason: z.string().optional(),
})
export type SpanMessageShown = z.output<typeof Message>

const Content = z.object({
  system: nullable,
  input_messages: z.array(Message),
  output_messages: z.array(Message),
  raw_input: z.unknown(),
  raw_output: z.unknown(),
  tool_definitions: z.array(z.unknown()),
})

const Tool = z.object({
  name: nullable,
  call_id: nullable,
  arguments: z.unknown(),
  result: z.unknown(),
})

const Why = z.object({
  bucket: z.enum(['in_uncached', 'cache_read', 'cache_write', 'out_visible', 'reasoning', 'audio_in', 'audio_out']),
  tokens: whole,
  price_micro_usd_per_million: whole,
  cost_micro_usd: z.number().meta({ description: 'Exact, so the lines add up; only the total is rounded' }),
})

const Usage = SpanTokens.extend({
  audio_in: whole.nullable(),
  audio_out: whole.nullable(),
  reported_total: whole.nullable(),
})

const Cost = z.object({
  given_nano_usd: whole.nullable(),
  computed_nano_usd: whole.nullable(),
  price_version: nullable,
  why: z.array(Why),
})

const attributes = z.record(z.string(), z.unknown())

export const SpanDetail = SpanRow.extend({
  scope: z.object({ name: z.string(), version: z.string(), schema_url: z.string() }).nullable(),
  resource: attributes,
  request_model: nullable,
  response_model: nullable,
  response_id: nullable,
  first_token_ns: Nanoseconds.nullable(),
  error_type: nullable,
  finish_reasons: z.array(z.string()),
  grouping: attributes.meta({ description: 'Session, user, agent, workflow, prompt, skill, tags and metadata' }),
  attempt: attributes.nullable().meta({ description: 'What a run of ours knows of one call of a model' }),
  dialect: z.string(),
  mapped_by: z.record(z.string(), z.string()),
  content: Content.nullable(),
  tool: Tool.nullable(),
  params: attributes,
  usage: Usage.nullable(),
  cost: Cost,
  attributes: attributes.meta({ description: 'As they came, redacted' }),
  events: z.array(z.object({ name: z.string(), time_ns: Nanoseconds, attributes })),
  links: z.array(z.object({ trace_id: z.string(), span_id: z.string(), attributes })),
  status_message: nullable,
  received_at: Timestamp.nullable(),
  withheld: z.boolean().meta({ description: 'Texts and payloads were left out for this reader' }),
})
export type SpanDetail = z.output<typeof SpanDetail>

const LAST_NS = 2n ** 63n - 1n
const Digits = z
  .string()
  .regex(/^(?:-1|\d{1,19})$/)
  .refine((digits) => BigInt(digits) <= LAST_NS)
export const SpanCursor = cursorOf(z.tuple([Digits, z.string().regex(/^[0-9a-f]{16}$/)]))

export const SpanFilter = z.object({ limit: limitOf(5000, 2000), cursor: SpanCursor.optional() })
export type SpanFilter = z.output<typeof SpanFilter>

export const SpanPage = z.object({
  spans: z.array(SpanRow),
  total: whole.meta({ description: 'All spans of the trace, on however many pages' }),
  next_cursor: nullable,
})
export type SpanPage = z.output<typeof SpanPage>

export const listSpans = contract({
  method: 'GET',
  path: '/traces/{id}/spans',
  summary: 'The spans of a trace by their start; runs of this server too',
  tag: 'traces',
  guard: service('read'),
  params: z.object({ id: Uuid }),
  query: SpanFilter,
  reply: SpanPage,
})

export const opsListSpans = contract({
  ...listSpans,
  path: '/ops/api/traces/{id}/spans',
  guard: ops('trace:view'),
})

export const getSpan = contract({
  method: 'GET',
  path: '/traces/{id}/spans/{span_id}',
  summary: 'One span with its contents, how it was mapped and why it cost what it cost',
  tag: 'traces',
  guard: service('read'),
  params: z.object({ id: Uuid, span_id: SpanId }),
  reply: z.object({ span: SpanDetail }),
})

export const opsGetSpan = contract({
  ...getSpan,
  path: '/ops/api/traces/{id}/spans/{span_id}',
  summary: 'One span; texts and payloads only for those who may see them',
  guard: ops('trace:view'),
})

export const IngestHealth = z.object({
  accepted: whole,
  duplicates: whole,
  truncated: whole,
  rejected: z.array(z.object({ source: z.string(), reason: z.string(), spans: whole })),
  hours: z.array(
    z.object({ hour: Timestamp, source: z.string(), outcome: z.string(), reason: z.string(), spans: whole }),
  ),
  faults: z.array(
    z.object({
      id: z.string(),
      source: z.string(),
      reason: z.string(),
      message: nullable.meta({ description: 'Withheld below trace:reveal' }),
      spans: whole,
      created_at: Timestamp,
    }),
  ),
})
export type IngestHealth = z.output<typeof IngestHealth>

export const opsIngestHealth = contract({
  method: 'GET',
  path: '/ops/api/ingest',
  summary: 'What came in over OpenTelemetry in the last day, and what was refused and why',
  tag: 'traces',
  guard: ops('trace:view'),
  reply: IngestHealth,
})
