import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf, Offset } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { listAliases } from './get'
import { ARMS, RISK_LEVELS, TRACE_STATES, TRUST, TraceSummary } from './summary'
import { TraceInList } from './trace'

export const TraceCursor = cursorOf(z.tuple([Timestamp, Uuid]))

const word = (max = 200) => z.string().min(1).max(max)
const Dollars = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be an amount in USD')
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(1_000_000_000))

// What every reading of many traces can be narrowed by.
export const TraceFilter = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  trace_id: Uuid.optional(),
  execution_id: word().optional(),
  user_id: word().optional(),
  agent_role: word().optional(),
  status: z.enum(TRACE_STATES).optional(),
  model: word().optional(),
  provider: word().optional(),
  environment: word().optional(),
  origin: word(80).optional(),
  adapter_id: word().optional(),
  risk_level: z.enum(RISK_LEVELS).optional(),
  trust_status: z.enum(TRUST).optional(),
  workspace_hash: word(80).optional(),
  pin_id: Uuid.optional(),
  arm: z.enum(ARMS).optional(),
  session_key: word(500).optional(),
  replay_of: Uuid.optional(),
  task_id: word().optional(),
  document_id: word().optional(),
  message_id: word().optional(),
  label_key: word().optional(),
  label_value: z.string().max(1000).optional(),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
  min_cost: Dollars.optional(),
  max_cost: Dollars.optional(),
  q: z
    .string()
    .max(10_000)
    .optional()
    .meta({ description: 'Words that all stand in its texts, "phrases", a trailing * for beginnings' }),
})
export type TraceFilter = z.output<typeof TraceFilter>

export const filterSpellings = {
  start_date: ['start_time'],
  end_date: ['end_time'],
  agent_role: ['agent_id'],
  label_key: ['label'],
  label_value: ['value'],
} as const

const pageKeys = {
  total: z.number().int(),
  total_exact: z.boolean().meta({ description: 'false: above 10,000 the total is an estimate' }),
  has_more: z.boolean(),
  limit: z.number().int(),
  offset: z.number().int(),
  next_cursor: z.string().nullable(),
}

const paged = { offset: Offset, cursor: TraceCursor.optional() }

export const TraceQuery = TraceFilter.extend({
  ...paged,
  limit: limitOf(100, 50),
  view: z.enum(['summary', 'full']).default('summary').meta({ description: 'full shows at most 20' }),
})
export type TraceQuery = z.output<typeof TraceQuery>

export const TracePage = z.object({ traces: z.array(TraceInList), ...pageKeys })
export type TracePage = z.output<typeof TracePage>

const shared = {
  method: 'GET',
  tag: 'traces',
  camel: true,
  also: filterSpellings,
  queryError: 'Invalid query parameters',
  aliases: listAliases,
} as const

export const listTraces = contract({
  ...shared,
  path: '/traces',
  summary: 'List traces, newest first',
  guard: service('read'),
  query: TraceQuery,
  reply: TracePage,
})

export const OpsTraceQuery = TraceFilter.extend({ ...paged, limit: limitOf(200, 50) })
export type OpsTraceQuery = z.output<typeof OpsTraceQuery>

export const OpsTracePage = z.object({
  traces: z.array(TraceSummary),
  filtered: z.number().int().meta({ description: 'The same as total: both count after all filters' }),
  withheld: z.boolean(),
  ...pageKeys,
})
export type OpsTracePage = z.output<typeof OpsTracePage>

export const opsListTraces = contract({
  ...shared,
  path: '/ops/api/traces',
  summary: 'List traces, newest first',
  guard: ops('trace:view'),
  query: OpsTraceQuery,
  reply: OpsTracePage,
})
