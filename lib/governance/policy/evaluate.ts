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

const STATUS = { allow: 'allow', deny: 'deny', require_approval: 'pending' } as const

/** An external agent asks. `adapterId` comes from its token, and the answer is stored, whatever it is. */
export const evaluatePolicy = async (scope: Scope, body: EvaluateBody, adapterId: string, filed: FiledPolicies) => {
  const question = questionIn(body, adapterId)
  const verdict = await decide(scope, question, filed)
  const id = uuidv7(scope.clock.now().getTime())
  const { workspaceId, environment } = question
  const action = {
    tool: question.tool ?? null,
    arguments: question.arguments ?? {},
    workspaceId,
    environment,
    asked: question,
  }
  const draft: NewDecision = {
    id,
    origin: 'evaluate',
    subject: question.subject,
    adapterId,
    workspaceId,
    environment,
    agentRole: question.role,
    userId: question.userId ?? null,
    tool: question.tool ?? null,
    action,
    actionHash: actionHashOf(action),
    facts: question,
    verdict,
    cost: question.estimatedCost ?? null,
    requestedBy: scope.actor,
    requestedById: scope.identity.userId,
  }
  const told = policyAudits(verdict, { decision_id: id, adapter_id: adapterId })
  await scope.command({
    audit: [...pendingAudits([draft]), ...told.map((audit) => ({ ...audit, entityId: id, workspaceId }))],
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
