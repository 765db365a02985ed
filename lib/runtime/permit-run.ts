import type { Scope } from '@/lib/core/scope'
import {
  actionHashOf,
  consumeDecision,
  decide,
  decisionWrites,
  type FiledPolicies,
  isEnoughFor,
  type NewDecision,
  type PolicyDecision,
  type PolicyQuestion,
  pendingAudits,
  pendingFor,
  policyAudits,
  readDecision,
} from '@/lib/governance'
import type { ModelRef } from '@/lib/providers'
import { uuidv7 } from '@/lib/shared/id'
import type { MicroUsd } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import type { RunKind } from '@/lib/tracing'
import type { Given } from './given'
import type { Place } from './place'

// What a policy is told of a run that is about to begin, and what an approval of it would stand for.
export type Asking = {
  kind: RunKind
  place: Place
  model: ModelRef
  risk: { score: number; level: string } | null
  cost: MicroUsd
  skills: readonly string[]
  policies: FiledPolicies
  // The pin that chose these policies, for whoever compares its arms.
  pinned?: Pick<Given, 'pin' | 'arm'>
  // The request as it came: another message or another model is another run.
  sent: object
  // An approval that the caller shows.
  decisionId?: string
}

const questionOf = ({ kind, place, model, risk, cost, skills }: Asking): PolicyQuestion => ({
  subject: 'run',
  workspaceId: place.workspaceId,
  environment: place.environment,
  role: place.role,
  action: kind,
  model: model.name,
  estimatedCost: cost,
  ...(place.userId === null ? {} : { userId: place.userId }),
  ...(skills.length === 0 ? {} : { skill: skills }),
  ...(risk === null ? {} : { riskLevel: risk.level }),
})

// What a policy said of a run, as it is stored.
export type RunDecision = NewDecision & { verdict: PolicyDecision }

const armIn = ({ pin, arm }: Pick<Given, 'pin' | 'arm'> = { pin: null, arm: null }): object =>
  pin === null ? {} : { pinId: pin.id, arm }

const draftOf = async (scope: Scope, asking: Asking): Promise<RunDecision> => {
  const { kind, place, sent, risk, cost } = asking
  const question = questionOf(asking)
  const verdict = await decide(scope, question, asking.policies)
  const { workspaceId, environment } = place
  const who = { role: place.role, user: place.userId }
  const action = { tool: null, kind, arguments: sent, workspaceId, environment, ...who }
  return {
    id: uuidv7(scope.clock.now().getTime()),
    origin: 'run',
    subject: 'run',
    workspaceId,
    environment,
    agentRole: place.role,
    userId: place.userId,
    action,
    actionHash: actionHashOf(action),
    facts: { ...question, ...armIn(asking.pinned) },
    verdict,
    risk,
    cost,
    requestedBy: scope.actor,
    requestedById: scope.identity.userId,
  }
}

const refuse = async (scope: Scope, draft: RunDecision): Promise<never> => {
  const { id, verdict, workspaceId } = draft
  const data = { layer: 'policy', decision_id: id, matched_policies: verdict.matchedPolicies, subject: 'run' }
  await scope.command({
    audit: [
      { event: 'permission_denied', entityId: id, workspaceId, data },
      ...policyAudits(verdict, { decision_id: id, subject: 'run' }).map((audit) => ({ ...audit, workspaceId })),
    ],
    writes: decisionWrites(scope, [draft]),
  })
  throw new Problem('policy_denied', verdict.explanation, {
    decision_id: id,
    matched_policies: verdict.matchedPolicies,
  })
}

// A request that is sent again waits under the decision that it has already.
const wait = async (scope: Scope, draft: RunDecision): Promise<never> => {
  const { verdict } = draft
  const known = await pendingFor(scope, draft)
  if (!known) await scope.command({ audit: pendingAudits([draft]), writes: decisionWrites(scope, [draft]) })
  const row = known ?? (await readDecision(scope, draft.id))
  throw new Problem('approval_required', verdict.explanation, {
    decision_id: row?.id ?? draft.id,
    required_role: row?.requiredRole ?? null,
    expires_at: row?.expiresAt?.toISOString() ?? null,
    matched_policies: verdict.matchedPolicies,
  })
}

// An approval is for who asked: else whoever approves could use it, and would have approved something of their own.
const isApproved = async (scope: Scope, draft: RunDecision, id: string | undefined): Promise<boolean> => {
  if (id === undefined) return false
  const row = await readDecision(scope, id)
  const isTheirs = row?.origin === 'run' && row.requestedBy === draft.requestedBy
  if (!isTheirs || !isEnoughFor(row, draft.verdict)) return false
  return consumeDecision(scope, { id, actionHash: draft.actionHash, by: scope.actor })
}

/**
 * Asks whether this run may begin. What comes back is stored with its start; a refusal, and a run that a person has to
 * approve first, are stored here and thrown.
 */
export const permitRun = async (scope: Scope, asking: Asking): Promise<RunDecision> => {
  const draft = await draftOf(scope, asking)
  const { decision } = draft.verdict
  if (decision === 'allow') return draft
  if (decision === 'deny') return refuse(scope, draft)
  if (await isApproved(scope, draft, asking.decisionId)) return asApproved(draft, asking.decisionId)
  return wait(scope, draft)
}

const asApproved = (draft: RunDecision, approval: string | undefined): RunDecision => ({
  ...draft,
  verdict: {
    ...draft.verdict,
    decision: 'allow',
    explanation: `A person approved it (decision ${approval}): ${draft.verdict.explanation}`,
  },
})

/** What the record of the run keeps of it. */
export const decisionStep = ({ id, verdict }: RunDecision): object => ({
  subject: 'run',
  decision: verdict.decision,
  matched_policies: verdict.matchedPolicies,
  policy_id: verdict.policyId,
  explanation: verdict.explanation,
  policy_hash: verdict.policyHash,
  decision_id: id,
})
