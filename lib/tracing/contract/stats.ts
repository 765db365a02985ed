import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { RISK_LEVELS, TRACE_STATES } from './summary'

const count = z.number().int()
const word = z.string().min(1).max(200).optional()

const Sums = z.object({
  traces: count,
  errors: count.meta({ description: 'Ended as error or timeout' }),
  total_tokens: count,
  total_cost: z.number(),
  total_cost_micro_usd: count,
  avg_duration_ms: z.number(),
})
export const StatsGroup = Sums.extend({ name: z.string() })
export type StatsGroup = z.output<typeof StatsGroup>

export const StatsPoint = Sums.extend({
  at: Timestamp.meta({ description: 'Begin of the bucket, UTC' }),
  by_status: z.record(z.string(), count),
  p50_duration_ms: z.number().nullable(),
  p95_duration_ms: z.number().nullable(),
})
export type StatsPoint = z.output<typeof StatsPoint>

const Stats = z.object({
  total_traces: count,
  total_tokens: count,
  total_cost: z.number(),
  total_cost_micro_usd: count,
  avg_duration_ms: z.number(),
  error_rate: z.number().min(0).max(1),
  traces_by_status: z.record(z.string(), count),
  p50_duration_ms: z.number().nullable().meta({ description: 'From a histogram: within 10 percent' }),
  p95_duration_ms: z.number().nullable(),
})

const StatsQuery = z.object({
  tenant_id: TenantId.optional(),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: word,
  agent_role: word,
  model: word,
  provider: word,
  origin: word,
  status: z.enum(TRACE_STATES).optional(),
  risk_level: z.enum(RISK_LEVELS).optional(),
})

export const TraceStats = z.object({ stats: Stats })

const shared = {
  method: 'GET',
  tag: 'traces',
  camel: true,
  also: { start_date: ['start_time'], end_date: ['end_time'], agent_role: ['agent_id'] },
  aliases: [{ on: 'stats', lift: true }],
} as const

export const traceStats = contract({
  ...shared,
  path: '/traces/stats',
  summary: 'Counts, cost and duration of the traces in a window',
  guard: service('read'),
  query: StatsQuery,
  reply: TraceStats,
})

export const OpsStatsQuery = StatsQuery.extend({
  bucket: z.enum(['hour', 'day']).optional().meta({ description: 'hour up to 7 days, day above, when not given' }),
})
export type OpsStatsQuery = z.output<typeof OpsStatsQuery>

export const OpsTraceStats = z.object({
  stats: Stats.extend({
    steps: count,
    tool_calls: count,
    tokens: z.object({
      input: count,
      output: count,
      cache_read: count,
      cache_write: count,
      reasoning: count,
    }),
  }),
  window: z.object({ start: Timestamp.nullable(), end: Timestamp, bucket: z.enum(['hour', 'day']) }),
  by_status: z.array(StatsGroup),
  by_model: z.array(StatsGroup).meta({ description: 'The 20 with most traces, as are the others' }),
  by_provider: z.array(StatsGroup),
  by_role: z.array(StatsGroup),
  by_workspace: z.array(StatsGroup),
  by_environment: z.array(StatsGroup),
  by_origin: z.array(StatsGroup),
  by_risk: z.array(StatsGroup),
  series: z.array(StatsPoint).meta({ description: 'Oldest first; at most 1,000 buckets, empty ones are there too' }),
})
export type OpsTraceStats = z.output<typeof OpsTraceStats>

export const opsTraceStats = contract({
  ...shared,
  path: '/ops/api/traces/stats',
  summary: 'Sums of the traces in a window with their parts and course',
  guard: ops('trace:view'),
  query: OpsStatsQuery,
  reply: OpsTraceStats,
})
