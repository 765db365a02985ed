import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { decide, type PolicyDecision, type PolicyQuestion } from '@/lib/governance'
import type { MicroUsd } from '@/lib/shared/money'
import { policiesOf } from '@/lib/workspace'
import type { ExecutionBody } from '../contract/execution'
import type { CurrentAdapter } from '../current-adapter'
import { costOf, questionOf } from './question-of'
import { type ExecutionRisk, riskOf } from './risk-of'
import { microOf, type Room, roomFor } from './room-for'

export type ApprovalSource = 'policy' | 'risk' | 'simulation'

export type Judgement = {
  effect: 'allow' | 'deny' | 'pending'
  reason: string | null
  source: ApprovalSource | null
  verdict: PolicyDecision
  question: PolicyQuestion
  risk: ExecutionRisk
  room: Room
  cost: MicroUsd | null
}

export type ApprovalMode = 'enforce' | 'simulate'

/** Simulation is asked for in words; nothing else lets pass what waits for a person. */
export const approvalMode = (): ApprovalMode => {
  const { CLASPER_APPROVAL_MODE: mode, CLASPER_REQUIRE_APPROVAL_IN_CORE: earlier } = kernel().env
  if (mode !== '') return mode
  return earlier === 'allow' ? 'simulate' : 'enforce'
}

type Said = Pick<Judgement, 'effect' | 'reason' | 'source' | 'verdict'>

const denied = (verdict: PolicyDecision, reason: string, explanation = verdict.explanation): Said => ({
  effect: 'deny',
  reason,
  source: null,
  verdict: { ...verdict, decision: 'deny', explanation },
})

const waiting = (verdict: PolicyDecision, source: 'policy' | 'risk', explanation: string): Said => {
  if (approvalMode() === 'enforce')
    return {
      effect: 'pending',
      reason: 'approval_required',
      source,
      verdict: { ...verdict, decision: 'require_approval', explanation },
    }
  const told = `Approvals are only simulated on this server, so nobody was asked: ${explanation}`
  return {
    effect: 'allow',
    reason: null,
    source: 'simulation',
    verdict: { ...verdict, decision: 'allow', explanation: told },
  }
}

const RISKY: readonly string[] = ['high', 'critical']

// In the order of the specification: permission, money, policy, risk.
const weighed = (body: ExecutionBody, verdict: PolicyDecision, room: Room, risk: ExecutionRisk): Said => {
  if (body.rbac_allowed === false)
    return denied(verdict, 'rbac_denied', 'The caller of the agent may not do this, as the agent itself says')
  if (room.refusal !== null) return denied(verdict, 'budget_exceeded', room.refusal.explanation)
  if (verdict.decision === 'deny') return denied(verdict, 'policy_denied')
  if (verdict.decision === 'require_approval') return waiting(verdict, 'policy', verdict.explanation)
  if (RISKY.includes(risk.level))
    return waiting(verdict, 'risk', `The risk is ${risk.level} (${risk.score} of 100), which a person has to approve`)
  return { effect: 'allow', reason: null, source: null, verdict }
}

type Place = { workspaceId: string; environment: string }

/** What becomes of a request, and why. Nothing is written. */
export const judgeExecution = async (
  scope: Scope,
  adapter: CurrentAdapter,
  body: ExecutionBody,
  place: Place,
): Promise<Judgement> => {
  const risk = riskOf(adapter, body)
  const question = questionOf(adapter, body, place, risk)
  const cost = costOf(body)
  const [verdict, room] = await Promise.all([
    decide(scope, question, await policiesOf(scope, place.workspaceId, { environment: place.environment })),
    roomFor(scope, { ...place, role: null, userId: null }, microOf(body.estimated_cost ?? cost ?? 0)),
  ])
  const said = weighed(body, verdict, room, risk)
  return { ...said, question, risk, room, cost: cost === undefined ? null : microOf(cost) }
}
