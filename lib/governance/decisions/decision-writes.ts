import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { eventWrite } from '@/lib/core/outbox'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { sealCallback } from './callback'
import { DEFAULT_ROLE, type NewDecision, statusOf } from './decision'
import { insertDecisions } from './sql'

const waits = ({ verdict }: NewDecision): boolean => statusOf(verdict) === 'pending'

export const roleFor = ({ requiredRole, verdict }: Pick<NewDecision, 'requiredRole' | 'verdict'>): string =>
  requiredRole ?? verdict.requiredRole ?? DEFAULT_ROLE

export const waitsUntil = (now: Date): Date => dateOf(now.getTime() + kernel().env.CLASPER_APPROVAL_TTL_SECONDS * 1000)

type Writing = Pick<Scope, 'clock' | 'tenantId' | 'redaction'>

const rowOf = ({ tenantId, redaction }: Writing, draft: NewDecision, now: Date): object => ({
  id: draft.id,
  createdAt: storedTime(now),
  origin: draft.origin,
  subject: draft.subject,
  traceId: draft.traceId ?? null,
  executionId: draft.executionId ?? null,
  adapterId: draft.adapterId ?? null,
  workspaceId: draft.workspaceId,
  environment: draft.environment,
  agentRole: draft.agentRole ?? null,
  userId: draft.userId ?? null,
  tool: draft.tool ?? null,
  toolCallId: draft.toolCallId ?? null,
  actionHash: draft.actionHash,
  action: redaction.value(draft.action),
  facts: redaction.value(draft.facts),
  decision: draft.verdict.decision,
  status: statusOf(draft.verdict),
  explanation: draft.verdict.explanation,
  matchedPolicies: draft.verdict.matchedPolicies,
  decisionTrace: draft.verdict.trace ?? [],
  policyHash: draft.verdict.policyHash ?? '',
  riskScore: draft.risk?.score ?? null,
  riskLevel: draft.risk?.level ?? null,
  costMicroUsd: draft.cost ?? null,
  requestedBy: draft.requestedBy,
  requestedById: draft.requestedById ?? null,
  requiredRole: waits(draft) ? roleFor(draft) : null,
  grantedScope: draft.grantedScope ?? null,
  expiresAt: waits(draft) ? storedTime(draft.expiresAt ?? waitsUntil(now)) : null,
  ...sealCallback(tenantId, draft),
})

const newsOf = (draft: NewDecision): CommandWrite =>
  eventWrite('decision.pending', {
    id: draft.id,
    origin: draft.origin,
    workspace_id: draft.workspaceId,
    trace_id: draft.traceId ?? null,
  })

/** The rows of decisions, for the same command as what was decided about; who listens hears of those that wait. */
export const decisionWrites = (scope: Writing, drafts: readonly NewDecision[]): CommandWrite[] => {
  if (drafts.length === 0) return []
  const now = scope.clock.now()
  const rows = drafts.map((draft) => rowOf(scope, draft, now))
  return [{ statement: insertDecisions, rows }, ...drafts.filter(waits).map(newsOf)]
}

/** The audit rows of those among them that wait for a person. */
export const pendingAudits = (drafts: readonly NewDecision[]): CommandAudit[] =>
  drafts.filter(waits).map((draft) => ({
    event: 'policy_decision_pending',
    entityId: draft.id,
    workspaceId: draft.workspaceId,
    ...(draft.traceId ? { traceId: draft.traceId } : {}),
    data: {
      decision_id: draft.id,
      origin: draft.origin,
      subject: draft.subject,
      tool: draft.tool ?? null,
      action_hash: draft.actionHash,
      matched_policies: draft.verdict.matchedPolicies,
      required_role: roleFor(draft),
      requested_by: draft.requestedBy,
      ...(draft.executionId ? { execution_id: draft.executionId } : {}),
      ...(draft.adapterId ? { adapter_id: draft.adapterId } : {}),
    },
  }))
