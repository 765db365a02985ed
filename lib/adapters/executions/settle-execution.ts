import { dateOf } from '@/lib/core/clock'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import {
  consumedAudit,
  consumeWrite,
  type DecisionRow,
  decisionForAdapter,
  moneyTurn,
  readDecision,
  tellCrossed,
} from '@/lib/governance'
import { usdOf } from '@/lib/shared/money'
import { Problem } from '@/lib/shared/problem'
import { ExecutionReply, type GrantedScope } from '../contract/execution'
import { seenWrites } from '../current-adapter'
import { objectIn, textsIn } from '../present'
import { settleOne } from '../sql'
import { type ExecutionRow, findExecution } from '../store'
import { type BlockedTrace, blockedTrace } from './blocked-trace'
import { type Bounds, grantFrom, livesUntil } from './grant'
import { holdWrites } from './hold-grant'
import { microOf, type Room, roomFor } from './room-for'

export const replyIn = (row: ExecutionRow): ExecutionReply => ExecutionReply.parse(row.reply)

const boundsIn = (row: ExecutionRow, decision: DecisionRow) => {
  const scope = objectIn(decision.grantedScope)
  const cost = scope?.['max_cost']
  return {
    capabilities: textsIn(scope?.['capabilities']),
    max_steps: row.maxSteps,
    max_cost: typeof cost === 'number' ? cost : null,
  }
}

type Outcome = {
  effect: 'allow' | 'deny'
  reply: ExecutionReply
  granted: GrantedScope | null
  maxCost: number | null
  expires: Date
}

const settleWrite = (row: ExecutionRow, outcome: Outcome, traceId: string | null): CommandWrite => ({
  statement: settleOne,
  guard: true,
  rows: [
    {
      id: row.id,
      effect: outcome.effect,
      reply: outcome.reply,
      granted: outcome.granted,
      expires: storedTime(outcome.expires),
      max_cost: outcome.maxCost === null ? null : microOf(outcome.maxCost),
      trace: traceId,
    },
  ],
})

const decidedAudit = (row: ExecutionRow, decision: string, reason: string): CommandAudit => ({
  event: 'adapter_execution_decided',
  entityId: row.id,
  workspaceId: row.workspaceId,
  data: {
    execution_id: row.id,
    adapter_id: row.adapterId,
    decision_id: row.decisionId,
    decision,
    reason,
    risk_level: row.riskLevel,
  },
})

const fresh = async (scope: Scope, row: ExecutionRow): Promise<ExecutionRow> =>
  (await findExecution(scope.db, row.id)) ?? row

// A person approves the act, not that there is money for it: what is left of the budgets bounds it once more.
const boundsNow = (row: ExecutionRow, decision: DecisionRow, { left }: Room): Bounds => {
  const bounds = boundsIn(row, decision)
  if (left === null) return bounds
  return { ...bounds, max_cost: usdOf(Math.min(left, bounds.max_cost === null ? left : microOf(bounds.max_cost))) }
}

// The approval stays, for as long as it can be used: money may come back. Or it was used a moment ago.
const noRoom = async (
  scope: Scope,
  row: ExecutionRow,
  refusal: NonNullable<Room['refusal']>,
): Promise<ExecutionRow> => {
  const latest = await fresh(scope, row)
  if (latest.effect !== 'pending') return latest
  throw new Problem(refusal.code, refusal.explanation, { scope: refusal.scope })
}

// The approval is used by the agent going on; where it showed its token before, that was the use.
const allow = async (scope: Scope, row: ExecutionRow, decision: DecisionRow, token?: string): Promise<ExecutionRow> => {
  const from = decision.usedAt ?? scope.clock.now()
  const { adapterId, workspaceId, environment } = row
  const room = await roomFor(scope, { workspaceId, environment, role: null, userId: null }, 0)
  if (room.refusal !== null) return noRoom(scope, row, room.refusal)
  const granted = grantFrom(boundsNow(row, decision, room), from)
  const maxCost = granted.max_cost
  const wished = decision.costMicroUsd === null ? null : Number(decision.costMicroUsd)
  const { blocked_reason: _, requires_approval: __, expires_at: ___, ...rest } = replyIn(row)
  const reply: ExecutionReply = {
    ...rest,
    allowed: true,
    decision: 'allow',
    approval_source: 'person',
    granted_scope: granted,
    explanation: `A person approved it (decision ${decision.id}): ${rest.explanation}`,
  }
  const use = { id: decision.id, actionHash: row.requestHash, adapterId: row.adapterId, by: scope.actor }
  const isUsed = decision.usedAt !== null
  const grant = { decisionId: decision.id, adapterId, workspaceId, environment, wished, maxCost }
  const hold = holdWrites(scope, grant, from)
  const result = await scope.command({
    audit: [...(isUsed ? [] : [consumedAudit(decision, scope.actor)]), decidedAudit(row, 'allow', 'approved')],
    writes: [
      ...(hold.length === 0 ? [] : [moneyTurn]),
      ...(isUsed ? [] : [consumeWrite(scope, { ...use, ...(token === undefined ? {} : { token }) })]),
      settleWrite(row, { effect: 'allow', reply, granted, maxCost, expires: livesUntil(from) }, null),
      // After the guards: whoever comes second has no line of this id to make.
      ...hold,
      ...seenWrites(scope, row.adapterId),
    ],
  })
  await tellCrossed(scope, result)
  return fresh(scope, row)
}

const blockedFor = (scope: Scope, row: ExecutionRow, decision: DecisionRow, reason: string): BlockedTrace =>
  blockedTrace(scope, {
    executionId: row.id,
    adapterId: row.adapterId,
    workspaceId: row.workspaceId,
    environment: row.environment,
    decisionId: decision.id,
    reason,
    explanation: decision.explanation,
    matchedPolicies: textsIn(decision.matchedPolicies),
    policyHash: decision.policyHash,
    risk: { score: row.riskScore, level: row.riskLevel },
    intent: null,
    requestedAt: row.createdAt,
  })

const REASONS = { denied: 'approval_denied', expired: 'approval_expired' } as const

const deny = async (scope: Scope, row: ExecutionRow, decision: DecisionRow, status: 'denied' | 'expired') => {
  const reason = REASONS[status]
  const { requires_approval: _, expires_at: __, ...rest } = replyIn(row)
  const blocked = blockedFor(scope, row, decision, reason)
  const said = status === 'denied' ? 'A person refused it' : 'Nobody decided, or nobody used what was decided, in time'
  const reply: ExecutionReply = {
    ...rest,
    allowed: false,
    decision: 'deny',
    blocked_reason: reason,
    explanation: `${said}: ${rest.explanation}`,
    trace_id: blocked.id,
  }
  const maxCost = boundsIn(row, decision).max_cost
  const outcome: Outcome = { effect: 'deny', reply, granted: null, maxCost, expires: dateOf(row.expiresAt.getTime()) }
  const { applied } = await scope.command({
    audit: [decidedAudit(row, 'deny', reason), ...blocked.audits],
    writes: [settleWrite(row, outcome, blocked.id), ...blocked.writes],
  })
  if (applied) blocked.committed()
  return fresh(scope, row)
}

/** What a person decided since becomes the answer of the execution, once, whoever asks first. */
export const settleExecution = async (scope: Scope, row: ExecutionRow): Promise<ExecutionRow> => {
  if (row.effect !== 'pending') return row
  const decision = await readDecision(scope, row.decisionId)
  if (decision === null) return row
  const { status, decision_token: token } = await decisionForAdapter(scope, row.decisionId)
  if (status === 'approved') return allow(scope, row, decision, token)
  return status === 'denied' || status === 'expired' ? deny(scope, row, decision, status) : row
}
