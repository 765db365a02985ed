import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { TraceCursor } from './list'
import { TRACE_STATES } from './summary'

const word = z.string().min(1).max(200).optional()

export const TraceSession = z.object({
  session_key: z.string(),
  user_id: z.string().nullable(),
  agent_role: z.string().nullable(),
  workspace_id: z.string(),
  runs: z.number().int(),
  errors: z.number().int(),
  first_started_at: Timestamp,
  last_started_at: Timestamp,
  last_status: z.enum(TRACE_STATES),
  last_trace_id: Uuid,
  last_model: z.string(),
  total_tokens: z.number().int(),
  total_cost: z.number(),
  total_cost_micro_usd: z.number().int(),
  duration_ms: z.number().int().meta({ description: 'Sum of the runs' }),
})
export type TraceSession = z.output<typeof TraceSession>

export const SessionQuery = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: word,
  user_id: word,
  agent_role: word,
  session_key: z.string().min(1).max(500).optional(),
  start_date: Timestamp.optional(),
  end_date: Timestamp.optional(),
  limit: limitOf(200, 50),
  cursor: TraceCursor.optional(),
})
export type SessionQuery = z.output<typeof SessionQuery>

export const SessionPage = z.object({
  sessions: z.array(TraceSession),
  has_more: z.boolean(),
  limit: z.number().int(),
  next_cursor: z.string().nullable(),
})
export type SessionPage = z.output<typeof SessionPage>

export const listSessions = contract({
  method: 'GET',
  path: '/traces/sessions',
  summary: 'Runs by session, the one that ran last first',
  guard: service('read'),
  tag: 'traces',
  camel: true,
  also: { start_date: ['start_time'], end_date: ['end_time'], agent_role: ['agent_id'] },
  query: SessionQuery,
  reply: SessionPage,
})
export const opsListSessions = contract({
  ...listSessions,
  path: '/ops/api/traces/sessions',
  guard: ops('trace:view'),
})
