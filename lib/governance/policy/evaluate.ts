import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { toWireOrNull } from '@/lib/shared/time'
import type { EvaluateBody } from '../contract/policy-question'
import { actionHashOf, type NewDecision } from '../decisions/decision'
import { decisionWrites, pendingAudits } from '../decisions/decision-writes'
import { findDecision } from '../decisions/store'
import { questionIn } from './ask-policy'
import { decide } from './decide'
import type { FiledPolicies } from './filed'
import { policyAudits } from './policy-audits'
import { presentAnswer } from './present'
import type { PolicyQuestion } from './question'

const STATUS = { allow: 'allow', deny: 'deny', require_approval: 'pending' } as const

const draftOf = (scope: Scope, question: PolicyQuestion): Omit<NewDecision, 'verdict'> => {
  const { workspaceId, environment, tool = null } = question
  const action = { tool, arguments: question.arguments ?? {}, workspaceId, environment, asked: question }
  return {
    id: uuidv7(scope.clock.now().getTime()),
    origin: 'evaluate',
    subject: question.subject,
    adapterId: question.adapterId ?? null,
    workspaceId,
    environment,
    agentRole: question.role,
    userId: question.userId ?? null,
    tool,
    action,
    actionHash: actionHashOf(action),
    // As it was asked, so that it can be asked again.
    facts: question,
    cost: question.estimatedCost ?? null,
    requestedBy: scope.actor,
    requestedById: scope.identity.userId,
  }
}

/**
 * An external agent asks, and the answer is stored, whatever it is. Who it is comes from its token; what its token and
 * its registration say of place and risk is in `body` already.
 */
export const evaluatePolicy = async (scope: Scope, body: EvaluateBody, adapterId: string, filed: FiledPolicies) => {
  const question = questionIn(body, adapterId)
  const verdict = await decide(scope, question, filed)
  const draft: NewDecision = { ...draftOf(scope, question), verdict }
  const { id, workspaceId } = draft
  const about = { decision_id: id, adapter_id: adapterId }
  const { decision, matchedPolicies } = verdict
  const answered = { ...about, subject: question.subject, decision, matched_policies: matchedPolicies }
  const told = [{ event: 'adapter_execution_decided' as const, data: answered }, ...policyAudits(verdict, about)]
  await scope.command({
    audit: [...told.map((audit) => ({ ...audit, entityId: id, workspaceId })), ...pendingAudits([draft])],
    writes: decisionWrites(scope, [draft]),
  })
  const row = verdict.decision === 'require_approval' ? await findDecision(scope.db, id) : null
  return {
    ...presentAnswer(verdict),
    decision_id: id,
    status: STATUS[verdict.decision],
    expires_at: toWireOrNull(row?.expiresAt ?? null),
  }
}
