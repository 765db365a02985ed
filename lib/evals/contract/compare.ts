import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { CaseStatus } from './run'

const tag = 'evals'
const count = z.number().int()
const Asked = { tenant_id: TenantId.optional() }

const Moved = z.object({
  case_id: z.string(),
  case_name: z.string().optional(),
  baseline_score: z.number(),
  current_score: z.number(),
  delta: z.number(),
})

export const Drift = z.object({
  baseline_id: Uuid,
  current_id: Uuid,
  drift_score: z.number(),
  regressions: z.array(Moved),
  improvements: z.array(Moved),
  summary: z.object({
    regressed_count: count,
    improved_count: count,
    unchanged_count: count,
    new_cases_count: count,
    removed_cases_count: count,
  }),
})
export type Drift = z.output<typeof Drift>

const drift = {
  method: 'GET',
  summary: 'Which cases are worse and which are better than in a baseline',
  tag,
  camel: true,
  params: z.object({ id: Uuid }),
  query: z.object({ ...Asked, baseline_id: Uuid }),
  reply: z.object({ drift: Drift }),
} as const
export const evalDrift = contract({ ...drift, path: '/evals/{id}/drift', guard: service('read') })
export const opsEvalDrift = contract({ ...drift, path: '/ops/api/evals/{id}/drift', guard: ops('eval:view') })

const Side = z.object({
  status: CaseStatus,
  score: z.number().nullable(),
  pass_rate: z.number(),
  actual_output: z.string().nullable(),
  duration_ms: count,
  cost: z.number(),
  trace_id: z.string().nullable(),
  error: z.string().nullable(),
})
export type Side = z.output<typeof Side>

export const ComparedCase = z.object({
  case_id: z.string(),
  case_name: z.string().optional(),
  change: z.enum(['regressed', 'improved', 'unchanged', 'new', 'removed']),
  is_same_case: z.boolean().meta({ description: 'false: the case itself was edited between the two' }),
  delta: z.number().nullable(),
  baseline: Side.nullable(),
  current: Side.nullable(),
})
export type ComparedCase = z.output<typeof ComparedCase>

export const Comparison = z.object({
  baseline_id: Uuid,
  current_id: Uuid,
  is_complete: z.boolean().meta({ description: 'Both have come to their end with every case scored' }),
  verdict: z.enum(['regressed', 'improved', 'unchanged', 'inconclusive']),
  summary: Drift.shape.summary.extend({ newly_failed_count: count, newly_passed_count: count }),
  pass_rate: z.object({ baseline: z.number(), current: z.number(), delta: z.number() }),
  avg_score: z.object({
    baseline: z.number(),
    current: z.number(),
    delta: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    is_significant: z.boolean(),
  }),
  cost: z.object({ baseline: z.number(), current: z.number(), delta: z.number() }),
  p_value: z.number().nullable().meta({ description: 'Exact McNemar test over cases that both have' }),
  cases: z.array(ComparedCase),
  total: count,
  has_more: z.boolean(),
  limit: count,
  offset: count,
})
export type Comparison = z.output<typeof Comparison>

const compare = {
  method: 'GET',
  summary: 'Two evaluations case by case, regressions first',
  tag,
  camel: true,
  params: z.object({ id: Uuid }),
  query: z.object({
    ...Asked,
    baseline_id: Uuid,
    change: ComparedCase.shape.change.optional(),
    limit: limitOf(1_000, 200),
    offset: Offset,
  }),
  reply: z.object({ comparison: Comparison }),
} as const
export const compareEvals = contract({ ...compare, path: '/evals/{id}/compare', guard: service('read') })
export const opsCompareEvals = contract({ ...compare, path: '/ops/api/evals/{id}/compare', guard: ops('eval:view') })
