import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset, wholeOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { DatasetName } from './dataset'
import { EnvironmentName, EvalReply, EvalResult, RunState, VersionPrefix } from './run'

const tag = 'evals'
const count = z.number().int()
const Asked = { tenant_id: TenantId.optional() }

const EvalSummary = EvalResult.omit({ cases: true, options: true, scorers: true }).extend({
  status: EvalReply.shape.status,
  state: RunState,
  done_count: count,
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  created_at: Timestamp,
})
export type EvalSummary = z.output<typeof EvalSummary>

export const EvalFilter = z.object({
  ...Asked,
  dataset_name: z.string().max(200).optional(),
  skill_name: z.string().max(200).optional(),
  model: z.string().max(200).optional(),
  workspace_id: WorkspaceId.optional(),
  environment: EnvironmentName.optional(),
  version_hash: VersionPrefix.optional(),
  status: z.enum(['passed', 'failed', 'inconclusive', 'running', 'cancelled']).optional(),
  limit: limitOf(100, 50),
  offset: Offset,
})
export type EvalFilter = z.output<typeof EvalFilter>

const list = {
  method: 'GET',
  summary: 'Evaluations, newest first',
  tag,
  camel: true,
  also: { skill_name: ['skill'] },
  query: EvalFilter,
  reply: z.object({
    results: z.array(EvalSummary),
    evaluations: z.array(
      z.object({
        id: Uuid,
        name: z.string(),
        skill: z.string().nullable(),
        completed_at: Timestamp.nullable(),
        summary: z.object({ total: count, passed: count, failed: count, avg_score: z.number() }),
      }),
    ),
    total: count,
    has_more: z.boolean(),
    limit: count,
    offset: count,
  }),
} as const
export const listEvals = contract({ ...list, path: '/evals', guard: service('read') })
export const opsListEvals = contract({ ...list, path: '/ops/api/evals', guard: ops('eval:view') })

const cancel = {
  method: 'POST',
  summary: 'End an evaluation: what runs is cancelled, what waits is not begun',
  tag,
  params: z.object({ id: Uuid }),
  reply: z.object({ status: z.literal('ok'), id: Uuid, state: RunState }),
} as const
export const cancelEval = contract({ ...cancel, path: '/evals/{id}/cancel', guard: service('run') })
export const opsCancelEval = contract({ ...cancel, path: '/ops/api/evals/{id}/cancel', guard: ops('eval:run') })

const scores = {
  method: 'GET',
  summary: 'The newest score of each version that was evaluated',
  tag,
  query: z.object({
    ...Asked,
    by: z.enum(['version', 'skill']).default('version'),
    workspace_id: WorkspaceId.optional(),
    dataset_name: DatasetName.optional(),
    limit: wholeOf(1, 200).default(50),
  }),
  reply: z.object({
    scores: z.array(
      z.object({
        subject: z.string(),
        workspace_id: z.string().nullable(),
        dataset_name: z.string(),
        eval_id: Uuid,
        pass_rate: z.number(),
        avg_score: z.number(),
        case_count: count,
        completed_at: Timestamp.nullable(),
      }),
    ),
  }),
} as const
export const evalScores = contract({ ...scores, path: '/evals/scores', guard: service('read') })
export const opsEvalScores = contract({ ...scores, path: '/ops/api/evals/scores', guard: ops('eval:view') })
