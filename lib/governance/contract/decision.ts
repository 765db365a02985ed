import { z } from 'zod'
import { adapter, contract, ops, service } from '@/lib/shared/contract'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'
import { cursorOf, limitOf } from '@/lib/shared/page'
import { Timestamp } from '@/lib/shared/time'
import { Justification, ReasonCode } from './receipt'

export const DECISION_STATES = ['allow', 'deny', 'pending', 'approved', 'denied', 'expired'] as const
export const DECISION_ORIGINS = ['run', 'execution', 'tool', 'evaluate'] as const

const ResolutionView = z.object({
  action: z.string(),
  justification: z.string(),
  reason_code: z.string().optional(),
})

export const DecisionView = z.object({
  decision_id: Uuid,
  created_at: Timestamp,
  origin: z.enum(DECISION_ORIGINS),
  subject: z.string(),
  decision: z.enum(['allow', 'deny', 'require_approval']),
  status: z.enum(DECISION_STATES),
  workspace_id: z.string(),
  environment: z.string(),
  agent_role: z.string().nullable(),
  user_id: z.string().nullable(),
  adapter_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  execution_id: z.string().nullable(),
  tool: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  action_hash: z.string(),
  explanation: z.string(),
  matched_policies: z.array(z.string()),
  policy_bundle_hash: z.string(),
  risk_score: z.number().int().nullable(),
  risk_level: z.string().nullable(),
  cost_micro_usd: z.number().int().nullable(),
  requested_by: z.string(),
  required_role: z.string().nullable(),
  expires_at: Timestamp.nullable(),
  resolved_at: Timestamp.nullable(),
  resolved_by: z.string().nullable(),
  resolution: ResolutionView.nullable(),
  used_at: Timestamp.nullable(),
  used_by: z.string().nullable(),
  granted_scope: z.record(z.string(), z.unknown()).nullable(),
  can_approve: z.boolean().meta({ description: 'Whether the caller could approve it now' }),
  why_not: z.string().nullable().meta({ description: 'The code of what keeps the caller from approving it' }),
})
export type DecisionView = z.output<typeof DecisionView>

export const DecisionDetail = DecisionView.extend({
  action: z.unknown().meta({ description: 'What would be done, redacted; null where it is withheld' }),
  facts: z.unknown().meta({ description: 'What the policies were asked, redacted; null where it is withheld' }),
  withheld: z.boolean(),
  can_reveal: z.boolean().meta({ description: 'The exact arguments are still held, and the caller may reveal them' }),
  decision_trace: z.array(z.record(z.string(), z.unknown())),
})
export type DecisionDetail = z.output<typeof DecisionDetail>

export const AdapterDecision = z.object({
  decision_id: Uuid,
  status: z.enum(DECISION_STATES),
  required_role: z.string().nullable(),
  expires_at: Timestamp.nullable(),
  decision_token: z.string().optional().meta({ description: 'Once it is approved, until it is used' }),
  granted_scope: z.record(z.string(), z.unknown()).nullable(),
  resolution: ResolutionView.nullable(),
  decision_token_used_at: Timestamp.nullable(),
})
export type AdapterDecision = z.output<typeof AdapterDecision>

export const DecisionCursor = cursorOf(z.tuple([Timestamp, Uuid]))

export const DecisionFilter = z.object({
  tenant_id: TenantId.optional(),
  workspace_id: WorkspaceId.optional(),
  environment: z.string().min(1).max(64).optional(),
  status: z.enum(DECISION_STATES).optional(),
  decision: z.enum(['allow', 'deny', 'require_approval']).optional(),
  origin: z.enum(DECISION_ORIGINS).optional(),
  tool: z.string().min(1).max(200).optional(),
  policy_id: z.string().min(1).max(200).optional(),
  adapter_id: z.string().min(1).max(200).optional(),
  trace_id: Uuid.optional(),
  execution_id: z.string().min(1).max(200).optional(),
  since: Timestamp.optional(),
  limit: limitOf(200, 50),
  cursor: DecisionCursor.optional(),
})
export type DecisionFilter = z.output<typeof DecisionFilter>

export const DecisionPage = z.object({
  decisions: z.array(DecisionView),
  pending: z.number().int().meta({ description: 'How many wait for a person, whatever is filtered' }),
  has_more: z.boolean(),
  limit: z.number().int(),
  next_cursor: z.string().nullable(),
})
export type DecisionPage = z.output<typeof DecisionPage>

const params = z.object({ id: Uuid })

export const listDecisions = contract({
  method: 'GET',
  path: '/api/decisions',
  summary: 'Decisions of the tenant, newest first',
  guard: service('read'),
  tag: 'decisions',
  query: DecisionFilter,
  reply: DecisionPage,
})
export const opsListDecisions = contract({
  ...listDecisions,
  path: '/ops/api/decisions',
  summary: 'Decisions of the tenant, newest first: what waits for a person, and what was decided',
  guard: ops('decision:resolve'),
})

export const opsGetDecision = contract({
  method: 'GET',
  path: '/ops/api/decisions/{id}',
  summary: 'A decision with the action it is about, redacted',
  guard: ops('decision:resolve'),
  tag: 'decisions',
  params,
  reply: z.object({ decision: DecisionDetail }),
})

export const ResolveBody = z.object({
  action: z.enum(['approve', 'deny', 'approve_with_override']),
  justification: Justification,
  override_reason_code: ReasonCode.optional(),
})
export type ResolveBody = z.output<typeof ResolveBody>

export const opsResolveDecision = contract({
  method: 'POST',
  path: '/ops/api/decisions/{id}/resolve',
  summary: 'Approve or refuse an action that waits; never one that the caller asked for',
  guard: ops('decision:resolve'),
  tag: 'decisions',
  params,
  body: ResolveBody,
  reply: z.object({
    decision: DecisionView,
    decision_token: z.string().optional(),
    expires_at: Timestamp.nullable(),
  }),
})
export const resolveDecision = contract({
  ...opsResolveDecision,
  path: '/api/decisions/{id}/resolve',
  summary: 'The same for programs that act for a person: an operator token, never a service key',
})

export const opsReconcileDecisions = contract({
  method: 'POST',
  path: '/ops/api/decisions/reconcile',
  summary: 'Ends what ran out of time and takes up runs whose decisions are all made',
  guard: ops('decision:resolve'),
  tag: 'decisions',
  reply: z.object({
    checked_count: z.number().int(),
    resolved_count: z.number().int(),
    resolved_decision_ids: z.array(Uuid),
    resumed_count: z.number().int(),
  }),
})

const RevealDecision = z.object({ reason_code: ReasonCode, justification: Justification })
export type RevealDecision = z.output<typeof RevealDecision>

export const opsRevealDecision = contract({
  method: 'POST',
  path: '/ops/api/decisions/{id}/reveal',
  summary: 'The exact arguments of a call that waits, for a reason that the audit log keeps',
  guard: ops('trace:reveal'),
  tag: 'decisions',
  params,
  body: RevealDecision,
  reply: z.object({
    decision_id: Uuid,
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()),
  }),
  verbatim: ['arguments'],
})

export const getAdapterDecision = contract({
  method: 'GET',
  path: '/api/decisions/{id}',
  summary: 'What became of a decision that the external agent waits for, with its token once it is approved',
  guard: adapter,
  tag: 'decisions',
  params,
  reply: AdapterDecision,
})

export const consumeDecision = contract({
  method: 'POST',
  path: '/api/decisions/{id}/consume',
  summary: 'Use an approval, once; X-Decision-Token holds its token',
  guard: adapter,
  tag: 'decisions',
  params,
  reply: z.object({ status: z.literal('ok') }),
})
