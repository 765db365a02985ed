import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { DatasetName } from './dataset'

const tag = 'evals'
const count = z.number().int()
const Asked = { tenant_id: TenantId.optional() }
const Queue = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be a short name in small letters')

const label = {
  method: 'POST',
  summary: 'Say whether an answer is good: judges are measured by it',
  tag,
  params: z.object({ id: Uuid }),
  body: z.object({
    ...Asked,
    case_id: z.string().min(1).max(200),
    attempt: z.number().int().min(1).max(20).default(1),
    scorer: z.string().min(1).max(40).default('overall'),
    passed: z.boolean().nullable().meta({ description: 'null takes the own label back' }),
    comment: z.string().max(2_000).optional(),
  }),
  reply: z.object({ status: z.literal('ok') }),
} as const
export const labelResult = contract({ ...label, path: '/evals/{id}/labels', guard: service('write') })
export const opsLabelResult = contract({ ...label, path: '/ops/api/evals/{id}/labels', guard: ops('eval:run') })

const Label = z.object({
  case_id: z.string(),
  attempt: count,
  scorer: z.string(),
  passed: z.boolean(),
  comment: z.string().nullable(),
  labelled_by: z.string(),
  labelled_at: Timestamp,
})

const labels = {
  method: 'GET',
  summary: 'What people said of the answers of an evaluation',
  tag,
  params: z.object({ id: Uuid }),
  query: z.object({ ...Asked }),
  reply: z.object({ labels: z.array(Label) }),
} as const
export const listLabels = contract({ ...labels, path: '/evals/{id}/labels', guard: service('read') })
export const opsListLabels = contract({ ...labels, path: '/ops/api/evals/{id}/labels', guard: ops('eval:view') })

export const Agreement = z.object({
  judge: z.string(),
  model: z.string(),
  judge_hash: z.string(),
  labelled: count.meta({ description: 'Answers that a person and the judge both decided' }),
  undecided: count.meta({ description: 'Labelled answers of which the judge decided nothing' }),
  agreement: z.number().nullable(),
  kappa: z.number().nullable().meta({ description: "Cohen's kappa; null where it says nothing" }),
  kappa_low: z.number().nullable(),
  kappa_high: z.number().nullable(),
  reading: z.enum(['unknown', 'poor', 'slight', 'fair', 'moderate', 'substantial', 'almost_perfect']),
  confusion: z.object({ both_pass: count, judge_only: count, human_only: count, both_fail: count }),
})
export type Agreement = z.output<typeof Agreement>

const calibration = {
  method: 'GET',
  summary: 'How far each judge agrees with people',
  tag,
  query: z.object({ ...Asked, eval_id: Uuid.optional() }),
  reply: z.object({ judges: z.array(Agreement), labels_looked_at: count }),
} as const
export const judgeAgreement = contract({ ...calibration, path: '/evals/judges', guard: service('read') })
export const opsJudgeAgreement = contract({ ...calibration, path: '/ops/api/evals/judges', guard: ops('eval:view') })

export const QueueItem = z.object({
  id: Uuid,
  queue: z.string(),
  trace_id: z.string(),
  status: z.enum(['waiting', 'done', 'skipped']),
  reason: z.string().nullable(),
  assigned_to: z.string().nullable(),
  expected: z.unknown(),
  note: z.string().nullable(),
  dataset_id: z.string().nullable(),
  case_id: z.string().nullable(),
  created_by: z.string(),
  created_at: Timestamp,
  done_by: z.string().nullable(),
  done_at: Timestamp.nullable(),
})
export type QueueItem = z.output<typeof QueueItem>

const add = {
  method: 'POST',
  summary: 'Put traces into a queue for people to look at',
  tag,
  status: 201,
  body: z.object({
    ...Asked,
    queue: Queue.default('default'),
    trace_ids: z.array(Uuid).min(1).max(500),
    reason: z.string().max(500).optional(),
    assigned_to: z.string().min(1).max(256).optional(),
  }),
  reply: z.object({ status: z.literal('ok'), added: count, known: count, items: z.array(QueueItem) }),
} as const
export const queueTraces = contract({ ...add, path: '/evals/queue', guard: service('write') })
export const opsQueueTraces = contract({ ...add, path: '/ops/api/evals/queue', guard: ops('eval:run') })

const list = {
  method: 'GET',
  summary: 'What waits for a person, oldest first',
  tag,
  query: z.object({
    ...Asked,
    queue: Queue.optional(),
    status: QueueItem.shape.status.optional(),
    assigned_to: z.string().max(256).optional(),
    limit: limitOf(200, 50),
    offset: Offset,
  }),
  reply: z.object({
    items: z.array(QueueItem),
    queues: z.array(z.object({ queue: z.string(), waiting: count, done: count, skipped: count })),
    total: count,
    has_more: z.boolean(),
    limit: count,
    offset: count,
  }),
} as const
export const listQueue = contract({ ...list, path: '/evals/queue', guard: service('read') })
export const opsListQueue = contract({ ...list, path: '/ops/api/evals/queue', guard: ops('eval:view') })

const change = {
  method: 'PATCH',
  summary: 'Assign an item, say what a good answer would have been, or skip it',
  tag,
  params: z.object({ id: Uuid }),
  body: z.object({
    ...Asked,
    assigned_to: z.string().min(1).max(256).nullable().optional(),
    status: QueueItem.shape.status.optional(),
    expected: z.union([z.string().max(200_000), z.record(z.string(), z.unknown())]).optional(),
    note: z.string().max(2_000).optional(),
  }),
  reply: z.object({ status: z.literal('ok'), item: QueueItem }),
} as const
export const changeItem = contract({ ...change, path: '/evals/queue/{id}', guard: service('write') })
export const opsChangeItem = contract({ ...change, path: '/ops/api/evals/queue/{id}', guard: ops('eval:run') })

const toCase = {
  method: 'POST',
  summary: 'Make a case of a dataset from an item, with what a person expects of the answer',
  tag,
  status: 201,
  params: z.object({ id: Uuid }),
  body: z.object({ ...Asked, dataset: DatasetName, tags: z.array(z.string().min(1).max(100)).max(20).optional() }),
  reply: z.object({ status: z.literal('ok'), item: QueueItem, dataset_version: count }),
} as const
export const itemToCase = contract({ ...toCase, path: '/evals/queue/{id}/case', guard: service('write') })
export const opsItemToCase = contract({ ...toCase, path: '/ops/api/evals/queue/{id}/case', guard: ops('eval:run') })
