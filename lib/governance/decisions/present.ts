import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type { DecisionDetail, DecisionView } from '../contract/decision'
import { effectiveStatus, stillOpen, whyNotApprove } from './may-resolve'
import type { DecisionRow } from './store'

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const objectOrNull = (value: unknown): Json | null => (isObject(value) ? value : null)

const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? (value as unknown[]).filter(isObject) : [])

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

export const resolutionOf = ({ resolution }: Pick<DecisionRow, 'resolution'>): DecisionView['resolution'] => {
  const said = objectOrNull(resolution)
  if (said === null) return null
  const reason = said['reason_code']
  return {
    action: String(said['action']),
    justification: String(said['justification']),
    ...(typeof reason === 'string' ? { reason_code: reason } : {}),
  }
}

export const grantedScopeOf = ({ grantedScope }: Pick<DecisionRow, 'grantedScope'>): Json | null =>
  objectOrNull(grantedScope)

const judgementOf = (scope: Scope, row: DecisionRow): Pick<DecisionView, 'can_approve' | 'why_not'> => {
  const problem = stillOpen(row, scope.clock.now()) ?? whyNotApprove(scope, row)
  return { can_approve: problem === null, why_not: problem?.code ?? null }
}

export const presentDecision = (scope: Scope, row: DecisionRow): DecisionView => ({
  decision_id: row.id,
  created_at: toWire(row.createdAt),
  origin: row.origin as DecisionView['origin'],
  subject: row.subject,
  decision: row.decision as DecisionView['decision'],
  status: effectiveStatus(row, scope.clock.now()) as DecisionView['status'],
  workspace_id: row.workspaceId,
  environment: row.environment,
  agent_role: row.agentRole,
  user_id: row.userId,
  adapter_id: row.adapterId,
  trace_id: row.traceId,
  execution_id: row.executionId,
  tool: row.tool,
  tool_call_id: row.toolCallId,
  action_hash: row.actionHash,
  explanation: row.explanation,
  matched_policies: textsOf(row.matchedPolicies),
  policy_bundle_hash: row.policyHash,
  risk_score: row.riskScore,
  risk_level: row.riskLevel,
  cost_micro_usd: row.costMicroUsd === null ? null : Number(row.costMicroUsd),
  requested_by: row.requestedBy,
  required_role: row.requiredRole,
  expires_at: toWireOrNull(row.expiresAt),
  resolved_at: toWireOrNull(row.resolvedAt),
  resolved_by: row.resolvedBy,
  resolution: resolutionOf(row),
  used_at: toWireOrNull(row.usedAt),
  used_by: row.usedBy,
  granted_scope: grantedScopeOf(row),
  ...judgementOf(scope, row),
})

// Who may let it pass, or take it back, sees what it is about, redacted, for as long as it is to be decided. To others,
// and afterwards, it is a payload like any other.
const isShown = (scope: Scope, row: DecisionRow): boolean => {
  if (seesTexts(scope)) return true
  const refused = whyNotApprove(scope, row)
  const mayDecide = refused === null || refused.code === 'own_request'
  return mayDecide && effectiveStatus(row, scope.clock.now()) === 'pending'
}

export const presentDetail = (scope: Scope, row: DecisionRow): DecisionDetail => {
  const isOpen = isShown(scope, row)
  const isHeld =
    row.adapterId === null &&
    row.traceId !== null &&
    row.usedAt === null &&
    ['pending', 'approved'].includes(row.status)
  return {
    ...presentDecision(scope, row),
    action: isOpen ? row.action : null,
    facts: isOpen ? row.facts : null,
    withheld: !isOpen,
    can_reveal: isHeld && scope.identity.permissions.has('trace:reveal'),
    decision_trace: objectsIn(row.decisionTrace),
  }
}
