import { z } from 'zod'
import { contract, open, ops, service } from '@/lib/shared/contract'
import { JobId, TenantId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'

export * from './contract/db-stats'
export * from './contract/overview'

export const JOB_STATES = ['queued', 'running', 'done', 'dead', 'discarded'] as const

export const JobView = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.enum(JOB_STATES),
  attempts: z.number().int(),
  max_attempts: z.number().int(),
  run_at: Timestamp,
  created_at: Timestamp,
  finished_at: Timestamp.nullable(),
  last_error: z.string().nullable(),
})
export type JobView = z.infer<typeof JobView>

export const JobFilter = z.object({
  tenant_id: TenantId.optional(),
  status: z.enum(JOB_STATES).optional(),
  kind: z.string().min(1).max(80).optional(),
  limit: limitOf(200, 50),
  offset: Offset,
})
export const JobPage = z.object({
  jobs: z.array(JobView),
  total: z.number().int(),
  has_more: z.boolean(),
  limit: z.number().int(),
  offset: z.number().int(),
  counts: z.record(z.enum(JOB_STATES), z.number().int()),
})
export const opsListJobs = contract({
  method: 'GET',
  path: '/ops/api/jobs',
  summary: 'Background jobs of the tenant',
  guard: ops('system:view'),
  tag: 'system',
  query: JobFilter,
  reply: JobPage,
})
const JobParams = z.object({ id: JobId })
const JobDone = z.object({ status: z.literal('ok'), job: JobView })
export const opsRetryJob = contract({
  method: 'POST',
  path: '/ops/api/jobs/{id}/retry',
  summary: 'Run a dead job again',
  guard: ops('job:manage'),
  tag: 'system',
  params: JobParams,
  reply: JobDone,
})
export const opsDiscardJob = contract({
  method: 'POST',
  path: '/ops/api/jobs/{id}/discard',
  summary: 'Give a dead job up',
  guard: ops('job:manage'),
  tag: 'system',
  params: JobParams,
  reply: JobDone,
})

const Check = z.object({
  name: z.string(),
  status: z.enum(['ok', 'degraded', 'error', 'off']),
  detail: z.string(),
  latency_ms: z.number().nullable(),
})
export const SystemView = z.object({
  version: z.string(),
  node: z.string(),
  profile: z.enum(['production', 'development', 'demo', 'test']),
  instance_id: z.string(),
  started_at: Timestamp,
  roles: z.array(z.enum(['web', 'worker'])),
  database: z.object({
    engine: z.enum(['sqlite', 'postgresql']),
    version: z.string(),
    size_bytes: z.number().int().nullable(),
  }),
  migrations: z.array(z.object({ name: z.string(), applied_at: Timestamp.nullable() })),
  writer: z.object({
    queued: z.number().int(),
    mutations: z.number().int(),
    commands: z.number().int(),
    groups: z.number().int(),
  }),
  memory: z.object({ rss_bytes: z.number().int(), heap_used_bytes: z.number().int() }),
  checks: z.array(Check),
})
export const opsSystem = contract({
  method: 'GET',
  path: '/ops/api/system',
  summary: 'Versions, database, migrations and health of this instance',
  guard: ops('system:view'),
  tag: 'system',
  reply: SystemView,
})

export const LiveEvent = z.object({
  id: z.string(),
  topic: z.string(),
  at: Timestamp,
  data: z.record(z.string(), z.unknown()),
})
export type LiveEvent = z.infer<typeof LiveEvent>
export const opsEvents = contract({
  method: 'GET',
  path: '/ops/api/events',
  summary: 'Live events of the tenant (server-sent events)',
  guard: ops('dashboard:view'),
  tag: 'system',
  query: z.object({ tenant_id: TenantId.optional() }),
  replyType: 'stream',
  stream: { event: LiveEvent },
})

export const getLive = contract({
  method: 'GET',
  path: '/livez',
  summary: 'The process runs',
  guard: open,
  tag: 'operations',
  reply: z.object({ status: z.literal('ok') }),
})
export const getReady = contract({
  method: 'GET',
  path: '/readyz',
  summary: 'The instance may take traffic',
  guard: open,
  tag: 'operations',
  reply: z.object({ status: z.literal('ok'), checks: z.record(z.string(), z.string()) }),
})
export const getMetrics = contract({
  method: 'GET',
  path: '/metrics',
  summary: 'Prometheus metrics',
  guard: service('read'),
  tag: 'operations',
  replyType: 'text',
})
export const getVersion = contract({
  method: 'GET',
  path: '/api/version',
  summary: 'Version and contract version',
  guard: open,
  tag: 'operations',
  camel: true,
  reply: z.object({
    version: z.string(),
    contract_version: z.string(),
    name: z.literal('Clasper'),
    features: z.array(z.string()),
  }),
})
export const getOpenApi = contract({
  method: 'GET',
  path: '/openapi.json',
  summary: 'This API as OpenAPI 3.1',
  guard: open,
  tag: 'operations',
  replyType: 'text',
})
