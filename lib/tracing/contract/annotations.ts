import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { LabelKey } from './labels'

// Other keys are as good; these have a meaning that the console knows.
export const STANDARD_ANNOTATIONS = [
  'baseline',
  'incident',
  'regression',
  'approved',
  'reviewed',
  'note',
  'tag',
] as const

export const Annotation = z.object({
  id: z.number().int(),
  trace_id: Uuid,
  key: z.string(),
  value: z.string(),
  created_at: Timestamp,
  created_by: z.string().nullable(),
})
export type Annotation = z.output<typeof Annotation>

const params = z.object({ id: Uuid })

export const annotateTrace = contract({
  method: 'POST',
  path: '/traces/{id}/annotate',
  summary: 'Add an annotation; none is ever changed',
  guard: service('write'),
  tag: 'traces',
  camel: true,
  status: 201,
  idempotent: true,
  params,
  body: z.object({
    tenant_id: TenantId.optional(),
    key: LabelKey,
    value: z.string().max(10_000),
    created_by: z.string().min(1).max(200).optional(),
    idempotency_key: z.string().optional(),
  }),
  reply: z.object({ status: z.literal('ok'), annotation: Annotation }),
})
export const opsAnnotateTrace = contract({
  ...annotateTrace,
  path: '/ops/api/traces/{id}/annotate',
  guard: ops('trace:annotate'),
})

export const listAnnotations = contract({
  method: 'GET',
  path: '/traces/{id}/annotations',
  summary: 'All annotations of a trace, oldest first',
  guard: service('read'),
  tag: 'traces',
  camel: true,
  params,
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: z.object({ trace_id: Uuid, annotations: z.array(Annotation) }),
})
export const opsListAnnotations = contract({
  ...listAnnotations,
  path: '/ops/api/traces/{id}/annotations',
  guard: ops('trace:view'),
})
