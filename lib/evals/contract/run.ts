import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { EvalCase, MOST_CASES, Scorer } from './case'

const tag = 'evals'
const text = (max: number) => z.string().min(1).max(max)
const count = z.number().int()
const usd = z.number()
const unit = z.number().min(0).max(1)
const Asked = { tenant_id: TenantId.optional() }
export const VersionPrefix = z.string().regex(/^[0-9a-fA-F]{8,64}$/, 'must be 8 to 64 hex digits')

export const EnvironmentName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)

const WantedDataset = z.object({
  name: text(200),
  description: z.string().max(2_000).optional(),
  cases: z.array(EvalCase).min(1).max(MOST_CASES).optional(),
  version: z.number().int().min(1).optional().meta({ description: 'Of the saved dataset; the newest without it' }),
})

const Options = z.object({
  model: text(200).optional(),
  skill_name: text(200).optional(),
  skill_version: text(40).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().min(1).max(1_000_000).optional(),
  timeout: z.number().int().min(100).max(600_000).optional().meta({ description: 'Milliseconds for each case' }),
  mock_tools: z
    .boolean()
    .default(true)
    .meta({ description: 'false: tools that only read are really called. No tool that writes ever is' }),
  parallel: z.number().int().min(1).max(16).default(4),
  repeats: z.number().int().min(1).max(20).default(1),
  pass_threshold: unit.default(1).meta({ description: 'Part of the cases that has to pass' }),
  case_threshold: unit.default(0.7),
  cap_usd: z.number().positive().max(100_000).optional(),
  scorers: z.array(Scorer).max(10).optional(),
  role: EnvironmentName.optional(),
  user_id: text(256).optional(),
})
export type EvalOptions = z.output<typeof Options>

export const EvalBody = z.object({
  ...Asked,
  dataset: WantedDataset.optional(),
  name: text(200).optional(),
  cases: z.array(EvalCase).min(1).max(MOST_CASES).optional(),
  file: z
    .string()
    .regex(/^evals\/[A-Za-z0-9._/-]{1,200}[.](?:jsonl|json|csv)$/, 'must be a file below evals/')
    .optional()
    .meta({ description: 'A dataset in the files of the workspace, of the version that is evaluated' }),
  options: Options.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: EnvironmentName.optional(),
  version_hash: VersionPrefix.optional(),
  baseline_id: Uuid.optional(),
  promotion_id: Uuid.optional(),
  wait: z.boolean().default(true).meta({ description: 'false: answer 202 at once' }),
  idempotency_key: text(255).optional(),
})
export type EvalBody = z.output<typeof EvalBody>

export const CaseStatus = z.enum(['passed', 'failed', 'error', 'inconclusive', 'cancelled', 'pending'])
export type CaseStatus = z.output<typeof CaseStatus>

export const RunState = z.enum(['queued', 'running', 'completed', 'cancelling', 'cancelled', 'stopped'])
export type RunState = z.output<typeof RunState>

const Interval = z.object({ low: z.number(), high: z.number(), method: z.enum(['wilson', 'bootstrap']) })

export const Scores = z.object({
  accuracy: z.number(),
  pass_rate: z.number(),
  avg_exact_match: z.number().nullable(),
  avg_semantic_similarity: z.number().nullable(),
  avg_tool_call_match: z.number().nullable(),
  avg_duration_ms: z.number(),
  total_cost: usd,
  avg_score: z.number(),
  confidence: z.object({ level: z.number(), seed: count, pass_rate: Interval, avg_score: Interval }).nullable(),
})
export type Scores = z.output<typeof Scores>

const ToolCall = z.object({ name: z.string(), arguments: z.unknown(), success: z.boolean(), permitted: z.boolean() })

const Part = z.object({
  name: z.string(),
  type: z.string(),
  score: z.number().nullable(),
  passed: z.boolean().nullable(),
  required: z.boolean(),
  note: z.string().nullable(),
})
export type Part = z.output<typeof Part>

const Attempt = z.object({
  attempt: count,
  status: CaseStatus,
  actual_output: z.string().nullable(),
  score: z.number().nullable(),
  parts: z.array(Part),
  duration_ms: count,
  cost: usd,
  trace_id: z.string().nullable(),
  error: z.string().nullable(),
})

const Said = z.union([z.string(), z.record(z.string(), z.unknown())])

export const CaseResult = z.object({
  case_id: z.string(),
  case_name: z.string().optional(),
  status: CaseStatus,
  passed: z.boolean(),
  input: Said,
  expected_output: Said.optional(),
  actual_output: z.string().nullable(),
  expected_tool_calls: z.array(z.unknown()).optional(),
  actual_tool_calls: z.array(ToolCall).optional(),
  score: z.number().nullable(),
  scores: z.object({
    exact_match: z.number().nullable(),
    semantic_similarity: z.number().nullable(),
    tool_call_match: z.number().nullable(),
  }),
  parts: z.array(Part),
  duration_ms: count,
  cost: usd,
  trace_id: z.string().nullable(),
  error: z.string().optional(),
  tags: z.array(z.string()).optional(),
  attempts: z.array(Attempt).optional(),
  pass_count: count,
  attempt_count: count,
  is_flaky: z.boolean(),
  withheld: z.boolean(),
})
export type CaseResult = z.output<typeof CaseResult>

export const EvalResult = z.object({
  id: Uuid,
  dataset_name: z.string(),
  dataset_version: count.nullable(),
  workspace_id: z.string(),
  environment: z.string().nullable(),
  version_hash: z.string().nullable(),
  model: z.string(),
  skill_name: z.string().optional(),
  skill_version: z.string().optional(),
  scores: Scores,
  case_count: count,
  pass_count: count,
  duration_ms: count,
  repeats: count,
  cap_usd: usd.nullable(),
  baseline_id: z.string().nullable(),
  promotion_id: z.string().nullable(),
  failure: z.string().nullable(),
  started_by: z.string(),
  scorers: z.array(z.unknown()),
  options: z.record(z.string(), z.unknown()),
  cases: z.array(CaseResult).optional(),
})

const Row = z.object({
  case_id: z.string(),
  status: CaseStatus,
  actual_output: z.string().nullable(),
  expected_output: Said.optional(),
  score: z.number().nullable(),
  duration_ms: count,
  trace_id: z.string().nullable(),
  error: z.string().optional(),
})

const Summary = z.object({
  total: count,
  passed: count,
  failed: count,
  errors: count,
  inconclusive: count,
  pending: count,
  avg_score: z.number(),
  total_duration_ms: count,
  total_cost: usd,
})

export const EvalReply = z.object({
  status: z.enum(['passed', 'failed', 'inconclusive', 'running', 'cancelled']),
  state: RunState,
  id: Uuid,
  result: EvalResult,
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  results: z.array(Row),
  summary: Summary,
})
export type EvalReply = z.output<typeof EvalReply>

const VERBATIM = ['metadata', 'arguments', 'input', 'expected_output', 'scorers', 'options', 'expected_tool_calls']

const run = {
  method: 'POST',
  summary: 'Run the cases of a dataset through the agent and score what it answers',
  tag,
  camel: true,
  verbatim: VERBATIM,
  acceptedWhen: 'running',
  maxBodyBytes: 17 * 1_048_576,
  idempotent: true,
  also: { idempotency_key: ['idempotencyKey'] },
  body: EvalBody,
  reply: EvalReply,
} as const
export const runEval = contract({ ...run, path: '/evals/run', guard: service('run') })
export const opsRunEval = contract({ ...run, path: '/ops/api/evals/run', guard: ops('eval:run') })

const get = {
  method: 'GET',
  summary: 'An evaluation with every case',
  tag,
  camel: true,
  verbatim: VERBATIM,
  params: z.object({ id: Uuid }),
  query: z.object({
    ...Asked,
    status: CaseStatus.optional(),
    case_id: text(200).optional().meta({ description: 'This case alone' }),
    texts: z.enum(['true', 'false']).default('true').meta({
      description:
        'false: what runs said is withheld from everybody, so that looking on leaves no row in the audit log',
    }),
    limit: limitOf(MOST_CASES, 1_000),
    offset: Offset,
  }),
  reply: EvalReply,
} as const
export const getEval = contract({ ...get, path: '/evals/{id}', guard: service('read') })
export const opsGetEval = contract({ ...get, path: '/ops/api/evals/{id}', guard: ops('eval:view') })
