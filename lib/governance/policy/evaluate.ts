import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import type { EvaluateBody } from '../contract/policy-question'
import { actionHashOf, type NewDecision } from '../decisions/decision'
import { decisionWrites, pendingAudits } from '../decisions/decision-writes'
import { findDecision } from '../decisions/store'
import { RISK_LEVELS } from '../risk'
import { questionIn } from './ask-policy'
import { decide } from './decide'
import { policyAudits } from './policy-audits'
import { presentAnswer } from './present'
import type { PolicyQuestion } from './question'
import type { FilesOf } from './simulate'

const STATUS = { allow: 'allow', deny: 'deny', require_approval: 'pending' } as const
const RANKS: readonly string[] = RISK_LEVELS

const higher = (a: string, b: string | undefined): string =>
  b !== undefined && RANKS.indexOf(b) > RANKS.indexOf(a) ? b : a

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

type Holder = NonNullable<Scope['identity']['adapter']>

const assertWithinToken = (holder: Holder, body: EvaluateBody): void => {
  if (holder.environment !== undefined && body.environment !== undefined && body.environment !== holder.environment)
    throw new Problem('adapter_scope_mismatch', undefined, { environment: body.environment })
  const capabilities = listed(body.capability).filter((one) => !holder.capabilities.includes(one))
  if (capabilities.length > 0) throw new Problem('capability_not_allowed', undefined, { capabilities })
}

// What the registry and the token say holds; what the body says may only make it worse.
const asked = async (scope: Scope, body: EvaluateBody): Promise<PolicyQuestion> => {
  const holder = scope.identity.adapter
  if (!holder) throw new Problem('permission_denied', 'Only external agents ask here.')
  const row = await scope.db.adapter.findUnique({ where: { tenantId_id: { tenantId: scope.tenantId, id: holder.id } } })
  if (row === null) throw new Problem('adapter_not_registered', undefined, { adapter_id: holder.id })
  if (!row.isEnabled) throw new Problem('adapter_disabled', undefined, { adapter_id: holder.id })
  assertWithinToken(holder, body)
  const environment = holder.environment ?? body.environment
  const risk = higher(row.riskClass, body.adapter_risk_class)
  const workspaceId = body.workspace_id ?? scope.workspaceId ?? scope.identity.workspaceIds?.[0]
  return questionIn(
    {
      ...body,
      ...(environment === undefined ? {} : { environment }),
      ...(workspaceId === undefined ? {} : { workspace_id: workspaceId }),
      adapter_risk_class: RISK_LEVELS.find((level) => level === risk),
    },
    holder.id,
  )
}

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

/** An external agent asks. Who it is comes from its token, and the answer is stored, whatever it is. */
export const evaluatePolicy = async (scope: Scope, body: EvaluateBody, files: FilesOf) => {
  const question = await asked(scope, body)
  const verdict = await decide(scope, question, await files(question.workspaceId))
  const draft: NewDecision = { ...draftOf(scope, question), verdict }
  const { id, workspaceId } = draft
  const told = policyAudits(verdict, { decision_id: id, adapter_id: question.adapterId })
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
