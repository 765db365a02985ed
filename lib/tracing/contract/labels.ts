import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf } from '@/lib/shared/page'
import { listAliases } from './get'
import { Labels, TraceSummary } from './summary'

export const MAX_LABELS = 64

// A key is any text a person can read: no signs that steer a terminal, no blanks at its ends.
export const LabelKey = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (key) => key.trim() === key && !/\p{Cc}/u.test(key),
    'must not begin or end with a blank or hold control signs',
  )
const LabelValue = z.string().max(1000)

export const labelTrace = contract({
  method: 'POST',
  path: '/traces/{id}/label',
  summary: 'Set labels of a trace; null removes one',
  guard: service('write'),
  tag: 'traces',
  camel: true,
  params: z.object({ id: Uuid }),
  query: z.object({
    tenant_id: TenantId.optional(),
    mode: z.enum(['merge', 'replace']).default('merge'),
  }),
  body: z.object({
    tenant_id: TenantId.optional(),
    labels: z
      .record(LabelKey, LabelValue.nullable())
      .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must name at most ${MAX_LABELS} labels`),
  }),
  reply: z.object({ status: z.literal('ok'), trace_id: Uuid, labels: Labels }),
})
export const opsLabelTrace = contract({
  ...labelTrace,
  path: '/ops/api/traces/{id}/label',
  guard: ops('trace:label'),
})

const found = {
  traces: z.array(TraceSummary),
  count: z.number().int().meta({ description: 'How many of them are in this reply' }),
  total: z.number().int(),
  total_exact: z.boolean(),
  trace_ids: z.array(z.string()),
}

export const tracesByLabel = contract({
  method: 'GET',
  path: '/traces/by-label',
  summary: 'Traces with a label, newest first',
  guard: service('read'),
  tag: 'traces',
  camel: true,
  aliases: listAliases,
  also: { label_key: ['label'], label_value: ['value'] },
  query: z.object({
    tenant_id: TenantId.optional(),
    label_key: z.string().min(1).max(200),
    label_value: z.string().max(1000).optional(),
    limit: limitOf(500, 100),
  }),
  reply: z.object(found),
})
export const opsTracesByLabel = contract({
  ...tracesByLabel,
  path: '/ops/api/traces/by-label',
  guard: ops('trace:view'),
})

const entity = z.string().min(1).max(200).optional()

export const tracesByEntity = contract({
  method: 'GET',
  path: '/traces/by-entity',
  summary: 'Traces that worked on a task, a document or a message',
  guard: service('read'),
  tag: 'traces',
  camel: true,
  aliases: listAliases,
  query: z
    .object({
      tenant_id: TenantId.optional(),
      task_id: entity,
      document_id: entity,
      message_id: entity,
      limit: limitOf(500, 100),
    })
    .refine(
      ({ task_id: task, document_id: document, message_id: message }) => Boolean(task ?? document ?? message),
      'one of task_id, document_id and message_id is required',
    ),
  reply: z.object({
    entity_type: z.enum(['task', 'document', 'message']),
    entity_id: z.string(),
    ...found,
  }),
})
export const opsTracesByEntity = contract({
  ...tracesByEntity,
  path: '/ops/api/traces/by-entity',
  guard: ops('trace:view'),
})
