import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import {
  decisionWrites,
  ledgerUnreadable,
  type NewDecision,
  pendingAudits,
  policyAudits,
  roleFor,
  tellCrossed,
  waitsUntil,
} from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { ExecutionBody, ExecutionReply } from '../contract/execution'
import { assertSelf, type CurrentAdapter, currentAdapter, environmentFor, seenWrites } from '../current-adapter'
import { insertExecution } from '../sql'
import { type ExecutionRow, findExecution } from '../store'
import { type BlockedTrace, blockedTrace } from './blocked-trace'
import { draftOf, type Place, requestHashOf } from './draft-of'
import { type Bounds, boundsFor, grantFrom, livesUntil } from './grant'
import { holdWrites } from './hold-grant'
import { approvalMode, type Judgement, judgeExecution } from './judge-execution'
import { replyIn, settleExecution } from './settle-execution'

// Whatever is not registered, or not in the token, is not asked of any policy.
const assertCapabilities = async (scope: Scope, adapter: CurrentAdapter, wished: readonly string[]): Promise<void> => {
  const beyond = [...new Set(wished)].filter((name) => !adapter.capabilities.has(name))
  if (beyond.length === 0) return
  const data = { layer: 'capability', adapter_id: adapter.id, capabilities: beyond }
  await scope.command({ audit: [{ event: 'permission_denied', entityId: adapter.id, data }] })
  throw new Problem('capability_not_allowed', undefined, { capabilities: beyond }, { body: { capabilities: beyond } })
}

type Asked = { executionId: string; adapter: CurrentAdapter; body: ExecutionBody; place: Place }
type Answered = Asked & { judged: Judgement; bounds: Bounds; draft: NewDecision; blocked: BlockedTrace | null }

const conditionOf = (scope: Scope, { judged, bounds, draft }: Answered): Partial<ExecutionReply> => {
  const now = scope.clock.now()
  if (judged.effect === 'allow') return { granted_scope: grantFrom(bounds, now) }
  if (judged.effect === 'deny') return { blocked_reason: judged.reason ?? 'policy_denied' }
  return {
    requires_approval: true,
    blocked_reason: 'approval_required',
    expires_at: toWire(waitsUntil(now)),
    required_role: roleFor(draft),
  }
}

const replyOf = (scope: Scope, answered: Answered): ExecutionReply => {
  const { executionId, judged, draft, blocked } = answered
  const { verdict, source, risk } = judged
  return {
    allowed: judged.effect === 'allow',
    execution_id: executionId,
    ...conditionOf(scope, answered),
    decision: judged.effect,
    decision_id: draft.id,
    matched_policies: [...verdict.matchedPolicies],
    decision_trace: [...verdict.trace],
    explanation: verdict.explanation,
    approval_mode: approvalMode(),
    approval_type: source ?? 'none',
    ...(source === null ? {} : { approval_source: source }),
    ...(source === 'simulation' ? { auto_allowed_in_core: true } : {}),
    ...(verdict.isFallback ? { policy_fallback_hit: true } : {}),
    risk_score: risk.score,
    risk_level: risk.level,
    policy_bundle_hash: verdict.policyHash,
    ...(blocked === null ? {} : { trace_id: blocked.id }),
  }
}

const rowOf = (
  scope: Scope,
  { executionId, adapter, place, judged, bounds, draft, blocked }: Answered,
  reply: object,
) => {
  const now = scope.clock.now()
  const { max_cost: cost } = bounds
  return {
    id: executionId,
    adapter: adapter.id,
    workspace: place.workspaceId,
    environment: place.environment,
    hash: draft.actionHash,
    decision: draft.id,
    effect: judged.effect,
    reply,
    granted: judged.effect === 'allow' ? grantFrom(bounds, now) : null,
    max_steps: bounds.max_steps,
    max_cost: cost === null ? null : Math.round(cost * 1_000_000),
    risk_score: judged.risk.score,
    risk_level: judged.risk.level,
    trace: blocked?.id ?? null,
    at: storedTime(now),
    expires: storedTime(judged.effect === 'pending' ? waitsUntil(now) : livesUntil(now)),
  }
}

const auditsOf = ({ executionId, adapter, place, judged, draft, blocked }: Answered): CommandAudit[] => {
  const about = { entityId: executionId, workspaceId: place.workspaceId }
  const data = { execution_id: executionId, adapter_id: adapter.id, decision_id: draft.id }
  const decided = { ...data, decision: judged.effect, reason: judged.reason, risk_level: judged.risk.level }
  const { refusal } = judged.room
  return [
    {
      event: 'adapter_execution_decided',
      ...about,
      data: { ...decided, matched_policies: judged.verdict.matchedPolicies },
    },
    ...pendingAudits([draft]),
    ...policyAudits(judged.verdict, data).map((audit) => ({ ...about, ...audit })),
    ...(judged.source === 'simulation' ? [{ event: 'approval_auto_allowed_in_core' as const, ...about, data }] : []),
    ...(judged.reason === 'budget_exceeded' && refusal
      ? [{ event: 'budget_exceeded' as const, ...about, data: { ...data, scope: refusal.scope, code: refusal.code } }]
      : []),
    ...(blocked?.audits ?? []),
  ]
}

const blockedBy = (scope: Scope, asked: Asked, judged: Judgement, decisionId: string): BlockedTrace | null =>
  judged.effect === 'deny'
    ? blockedTrace(scope, {
        executionId: asked.executionId,
        adapterId: asked.adapter.id,
        ...asked.place,
        decisionId,
        reason: judged.reason ?? 'policy_denied',
        explanation: judged.verdict.explanation,
        matchedPolicies: judged.verdict.matchedPolicies,
        policyHash: judged.verdict.policyHash,
        risk: judged.risk,
        intent: asked.body.intent ?? null,
        requestedAt: scope.clock.now(),
      })
    : null

const answered = async (scope: Scope, asked: Asked): Promise<Answered> => {
  const { adapter, body, place, executionId } = asked
  const judged = await judgeExecution(scope, adapter, body, place)
  const bounds = boundsFor(body, judged.room)
  const id = uuidv7(scope.clock.now().getTime())
  const blocked = blockedBy(scope, asked, judged, id)
  const traceId = blocked?.id ?? null
  const draft = draftOf(scope, { id, executionId, adapter, body, place, judged, bounds, traceId })
  return { ...asked, judged, bounds, draft, blocked }
}

const holdOf = (scope: Scope, { adapter, place, judged, bounds, draft }: Answered): CommandWrite[] => {
  if (judged.effect !== 'allow') return []
  const grant = { decisionId: draft.id, adapterId: adapter.id, ...place, wished: judged.cost }
  return holdWrites(scope, { ...grant, maxCost: bounds.max_cost }, scope.clock.now())
}

const store = async (scope: Scope, answer: Answered, reply: ExecutionReply): Promise<boolean> => {
  const writes: CommandWrite[] = [
    ...holdOf(scope, answer),
    { statement: insertExecution, rows: [rowOf(scope, answer, reply)], guard: true },
    ...decisionWrites(scope, [answer.draft]),
    ...(answer.blocked?.writes ?? []),
    ...seenWrites(scope, answer.adapter.id),
  ]
  const result = await scope.command({ audit: auditsOf(answer), writes }).catch(ledgerUnreadable)
  if (!result.applied) return false
  answer.blocked?.committed()
  await tellCrossed(scope, result)
  return true
}

// The id stands for one request of one agent.
const known = async (scope: Scope, asked: Asked, row: ExecutionRow): Promise<ExecutionReply> => {
  const { adapter, body, place, executionId } = asked
  const isSame = row.adapterId === adapter.id && row.requestHash === requestHashOf(adapter, body, place, executionId)
  if (!isSame) throw new Problem('idempotency_conflict', 'The execution_id belongs to another request.')
  return replyIn(await settleExecution(scope, row))
}

const MOST_TRIES = 5

// Refused where the same request was faster, or another took the money: then it is looked at again.
const decideAnew = async (scope: Scope, asked: Asked): Promise<ExecutionReply> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await answered(scope, asked)
    const reply = replyOf(scope, answer)
    if (await store(scope, answer, reply)) return reply
    await currentAdapter(scope)
    const other = await findExecution(scope.db, asked.executionId)
    if (other !== null) return known(scope, asked, other)
  }
  throw new Problem('unavailable', 'The execution could not be stored.')
}

/** May I? The same request under the same id gets the stored answer, or what a person made of it since. */
export const requestExecution = async (scope: Scope, body: ExecutionBody): Promise<ExecutionReply> => {
  assertSelf(scope, body.adapter_id)
  const adapter = await currentAdapter(scope)
  const environment = await environmentFor(scope, adapter, body.environment)
  const place = { workspaceId: adapter.workspaceId, environment }
  const executionId = body.execution_id ?? uuidv7(scope.clock.now().getTime())
  const asked = { executionId, adapter, body, place }
  await assertCapabilities(scope, adapter, body.requested_capabilities)
  const before = body.execution_id === undefined ? null : await findExecution(scope.db, executionId)
  if (before !== null) return known(scope, asked, before)
  return decideAnew(scope, asked)
}
