import { kernel } from '@/lib/core/kernel'
import { toWire } from '@/lib/shared/time'
import type { PolicyView } from '../contract/policy'
import type { PolicyDocument } from '../contract/policy-document'
import type { PolicyAnswer } from '../contract/policy-question'
import type { PolicyDecision } from './question'
import type { PolicyRule } from './rule'
import { documentOf, type PolicyRow } from './store'

const isFallback = ({ subject, precedence = 0 }: PolicyDocument): boolean =>
  subject.type === 'tool' && subject.name === undefined && precedence <= 0

const written = (document: PolicyDocument, tenantId: string) => ({
  policy_id: document.policy_id,
  scope: {
    tenant_id: document.scope?.tenant_id ?? tenantId,
    workspace_id: document.scope?.workspace_id ?? null,
    environment: document.scope?.environment ?? null,
  },
  subject: { type: document.subject.type, name: document.subject.name ?? null },
  conditions: document.conditions ?? {},
  effect: { decision: document.effect.decision, required_role: document.effect.required_role ?? null },
  explanation: document.explanation ?? null,
  precedence: document.precedence ?? 0,
  enabled: document.enabled ?? true,
  is_fallback: isFallback(document),
})

export const presentPolicy = (row: PolicyRow): PolicyView => ({
  ...written(documentOf(row), row.tenantId),
  source: row.source as PolicyView['source'],
  revision: row.revision,
  created_by: row.createdBy,
  created_at: toWire(row.createdAt),
  updated_by: row.updatedBy,
  updated_at: toWire(row.updatedAt),
})

/** A rule that stands in a file. It is changed there. */
export const presentRule = (rule: PolicyRule, tenantId: string, workspaceId: string | null): PolicyView => {
  const view = written(rule.document, tenantId)
  return {
    ...view,
    policy_id: rule.id,
    scope: { ...view.scope, workspace_id: rule.source === 'workspace' ? workspaceId : view.scope.workspace_id },
    source: rule.source as PolicyView['source'],
    revision: null,
    created_by: null,
    created_at: null,
    updated_by: null,
    updated_at: null,
  }
}

export const presentAnswer = (decision: PolicyDecision): PolicyAnswer => ({
  decision: decision.decision,
  matched_policies: [...decision.matchedPolicies],
  decision_trace: [...decision.trace],
  explanation: decision.explanation,
  policy_id: decision.policyId,
  policy_bundle_hash: decision.policyHash,
  policy_fallback_hit: decision.isFallback,
  required_role: decision.requiredRole ?? null,
  mode: kernel().env.CLASPER_MODE,
})
