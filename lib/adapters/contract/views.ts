import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid } from '@/lib/shared/id'
import { limitOf, Offset, wholeOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { AdapterView, ToolName } from './adapter'

const tag = 'external agents'
const text = z.string()
const count = z.number().int()
const Asked = { tenant_id: TenantId.optional() }
const id = z.object({ id: Uuid })

const Since = z
  .string()
  .regex(/^\d{1,4}[mhd]$|^\d{4}-\d\d-\d\dT/, 'must be like 10m, 1h, 7d or an ISO time')
  .max(40)

export const AdapterDecisionFilter = z.object({
  status: z.enum(['allow', 'deny', 'pending', 'approved', 'denied', 'expired']).optional(),
  decision: z.enum(['allow', 'deny', 'require_approval']).optional(),
  tool: ToolName.optional(),
  policy: z.string().min(1).max(200).optional(),
  since: Since.optional(),
  limit: limitOf(500, 50),
  offset: Offset,
})
export type AdapterDecisionFilter = z.output<typeof AdapterDecisionFilter>

export const AdapterDecisionRow = z.object({
  decision_id: Uuid,
  timestamp: Timestamp,
  tool: text.nullable(),
  policy: text.nullable(),
  decision: z.enum(['allow', 'deny', 'require_approval']),
  status: text,
  trace_id: text.nullable(),
  state: z.enum(['settled', 'waiting', 'usable', 'used']),
  execution_id: text.nullable(),
})
export type AdapterDecisionRow = z.output<typeof AdapterDecisionRow>

export const listAdapterDecisions = contract({
  method: 'GET',
  path: '/api/adapter/decisions',
  summary: 'Decisions about the calling agent, newest first',
  guard: adapter,
  tag,
  query: AdapterDecisionFilter,
  reply: z.object({ decisions: z.array(AdapterDecisionRow), limit: count, offset: count }),
})
export const getAdapterDecision = contract({
  method: 'GET',
  path: '/api/adapter/decisions/{id}',
  summary: 'One decision about the calling agent',
  guard: adapter,
  tag,
  params: id,
  reply: AdapterDecisionRow.extend({
    explanation: text,
    matched_policies: z.array(text),
    expires_at: Timestamp.nullable(),
    required_role: text.nullable(),
  }),
})
export const explainAdapterDecision = contract({
  method: 'GET',
  path: '/api/adapter/decisions/{id}/explain',
  summary: 'Why it was decided so',
  guard: adapter,
  tag,
  params: id,
  reply: z.object({
    policy: text.nullable(),
    reason: text,
    tool: text.nullable(),
    input_summary: text.meta({ description: 'Names of what was sent, never values' }),
    decision: text,
  }),
})

export const POSTURES = ['ENFORCED', 'DEGRADED', 'DISABLED'] as const
export const Posture = z.object({
  adapter: text,
  mode: z.enum(['permissive', 'guarded', 'strict']),
  status: z.enum(POSTURES),
  engine_version: text,
  fallback_present: z.boolean(),
  fallback_enabled: z.boolean(),
  policy_count: count,
  covered_tools: z.array(text),
  uncovered_tools: z.array(text),
  approval_mode: z.enum(['enforce', 'simulate']),
  telemetry_mode: z.enum(['off', 'warn', 'enforce']),
  tool_auth_mode: z.enum(['off', 'warn', 'enforce']),
  faults: z.array(text).meta({ description: 'Why nothing is permitted at the moment' }),
})
export type Posture = z.output<typeof Posture>

export const adapterPosture = contract({
  method: 'GET',
  path: '/api/adapter/posture',
  summary: 'Am I governed? The mode, and which of my tools a policy speaks of',
  guard: adapter,
  tag,
  reply: Posture,
})
export const adapterPolicyPosture = contract({ ...adapterPosture, path: '/api/adapter/policy-posture' })

export const adapterPolicies = contract({
  method: 'GET',
  path: '/api/adapter/policies',
  summary: 'The policies that can speak of the calling agent, without their conditions',
  guard: adapter,
  tag,
  reply: z.object({
    policies: z.array(
      z.object({
        policy_id: text,
        subject: z.object({ type: text, name: text.nullable() }),
        effect: z.enum(['allow', 'deny', 'require_approval']),
        environment: text.nullable(),
        explanation: text.nullable(),
        precedence: count,
        is_fallback: z.boolean(),
      }),
    ),
    policy_bundle_hash: text.nullable(),
    mode: z.enum(['permissive', 'guarded', 'strict']),
  }),
})

const Counts = z.record(z.string(), count)

export const AgentView = AdapterView.extend({
  posture: Posture.pick({
    status: true,
    covered_tools: true,
    uncovered_tools: true,
    fallback_present: true,
    policy_count: true,
  }),
  decisions: Counts.meta({ description: 'By status' }),
  executions: Counts.meta({ description: 'By effect' }),
  reports: Counts.meta({ description: 'signed, self_attested, and platform: what was found here' }),
  telemetry_keys: count.meta({ description: 'That are not revoked' }),
  last_decision_at: Timestamp.nullable(),
})

const agents = {
  method: 'GET',
  summary: 'External agents with what they asked, what they reported and how far policies cover them',
  tag,
  query: z.object({ ...Asked, limit: limitOf(200, 50), offset: Offset }),
  reply: z.object({
    agents: z.array(AgentView),
    mode: z.enum(['permissive', 'guarded', 'strict']),
    total: count,
    limit: count,
    offset: count,
  }),
} as const
export const listAgents = contract({ ...agents, path: '/agents', guard: service('read') })
export const opsListAgents = contract({ ...agents, path: '/ops/api/agents', guard: ops('adapter:view') })

export const GovernanceBoard = z.object({
  days: z.array(z.object({ day: text, allow: count, deny: count, require_approval: count })),
  by_origin: Counts,
  by_status: Counts,
  by_agent: z.array(z.object({ adapter_id: text, allow: count, deny: count, require_approval: count })),
  top_policies: z.array(z.object({ policy_id: text, count })),
  pending: count,
  tools: z.object({ granted: count, denied: count, used: count }),
  telemetry: Counts,
  coverage: z.object({
    time_window: z.object({ start: Timestamp, end: Timestamp }),
    decisions: count,
    disclaimer: text,
  }),
})
const board = {
  method: 'GET',
  summary: 'Decisions, tools and telemetry over the last days',
  tag: 'dashboards',
  query: z.object({ ...Asked, days: wholeOf(1, 90).default(30) }),
  reply: z.object({ dashboard: GovernanceBoard }),
} as const
export const governanceDashboard = contract({ ...board, path: '/dashboards/governance', guard: service('read') })
export const opsGovernanceDashboard = contract({
  ...board,
  path: '/ops/api/dashboards/governance',
  guard: ops('dashboard:view'),
})

export const ToolView = z.object({
  name: text,
  adapters: z.array(text).meta({ description: 'That registered it' }),
  covered: z.boolean().meta({ description: 'A policy speaks of it, by name or as the fallback' }),
  policies: z.array(text),
  granted: count,
  denied: count,
  used: count,
  last_asked_at: Timestamp.nullable(),
})
export type ToolView = z.output<typeof ToolView>

const tools = {
  method: 'GET',
  summary: 'Tools that external agents registered or asked for',
  tag,
  query: z.object({ ...Asked, q: z.string().min(1).max(200).optional(), limit: limitOf(500, 100), offset: Offset }),
  reply: z.object({ tools: z.array(ToolView), total: count, limit: count, offset: count }),
} as const
export const listTools = contract({ ...tools, path: '/tools/registry', guard: service('read') })
export const opsListTools = contract({ ...tools, path: '/ops/api/tools/registry', guard: ops('adapter:view') })

const tool = {
  method: 'GET',
  summary: 'One tool of external agents',
  tag,
  params: z.object({ name: ToolName }),
  query: z.object(Asked),
  reply: z.object({ tool: ToolView }),
} as const
export const getTool = contract({ ...tool, path: '/tools/{name}', guard: service('read') })
export const opsGetTool = contract({ ...tool, path: '/ops/api/tools/{name}', guard: ops('adapter:view') })
