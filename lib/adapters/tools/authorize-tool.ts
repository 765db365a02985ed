import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import {
  consumedAudit,
  consumeWrite,
  type DecisionRow,
  decisionForAdapter,
  decisionWrites,
  type NewDecision,
  pendingAudits,
  policyAudits,
} from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { AuthorizeBody, AuthorizeReply, Denial, ToolScope } from '../contract/tool'
import { assertSelf, currentAdapter, seenWrites } from '../current-adapter'
import { mustBeOwn } from '../executions/get-execution'
import { approvalMode } from '../executions/judge-execution'
import { settleExecution } from '../executions/settle-execution'
import { insertAuthorization } from '../sql'
import { findToolDecision } from '../store'
import { judgeTool, type ToolAsked, type ToolJudgement } from './judge-tool'
import { hashOf, hashOfToken, mintToolToken } from './tool-token'

type Approved = { row: DecisionRow; token: string | undefined }

// What comes of the judgement, and of a person's word on it where one was asked.
type Outcome = {
  id: string
  denial: Denial | null
  // The decision that is new, or the one that was made before.
  decisionId: string
  draft: NewDecision | null
  approved: Approved | null
  isSimulated: boolean
}

const draftOf = (scope: Scope, { adapter, execution, body }: ToolAsked, judged: ToolJudgement): NewDecision => ({
  id: uuidv7(scope.clock.now().getTime()),
  origin: 'tool',
  subject: 'tool',
  executionId: execution.id,
  traceId: execution.traceId,
  adapterId: adapter.id,
  workspaceId: execution.workspaceId,
  environment: execution.environment,
  tool: body.tool,
  action: judged.action,
  actionHash: judged.actionHash,
  facts: judged.question,
  verdict: judged.verdict,
  risk: { score: execution.riskScore, level: execution.riskLevel },
  requestedBy: scope.actor,
  requestedById: scope.identity.userId,
  grantedScope: judged.scope,
})

const fresh = (scope: Scope, draft: NewDecision, denial: Denial | null, isSimulated = false): Outcome => ({
  id: uuidv7(scope.clock.now().getTime()),
  denial,
  decisionId: draft.id,
  draft,
  approved: null,
  isSimulated,
})

const simulated = (draft: NewDecision): NewDecision => ({
  ...draft,
  verdict: {
    ...draft.verdict,
    decision: 'allow',
    explanation: `Approvals are only simulated on this server, so nobody was asked: ${draft.verdict.explanation}`,
  },
})

const ofPerson = async (scope: Scope, asked: ToolAsked, draft: NewDecision): Promise<Outcome> => {
  const { adapter, execution } = asked
  const key = { adapterId: adapter.id, executionId: execution.id, actionHash: draft.actionHash }
  const row = await findToolDecision(scope.db, key)
  if (row === null || row.usedAt !== null) return fresh(scope, draft, 'approval_required')
  const { status, decision_token: token } = await decisionForAdapter(scope, row.id)
  if (status === 'expired') return fresh(scope, draft, 'approval_required')
  const known = { ...fresh(scope, draft, null), decisionId: row.id, draft: null }
  if (status === 'approved') return { ...known, approved: { row, token } }
  return { ...known, denial: status === 'denied' ? 'approval_denied' : 'approval_required' }
}

const outcomeOf = async (scope: Scope, asked: ToolAsked, judged: ToolJudgement): Promise<Outcome> => {
  const draft = draftOf(scope, asked, judged)
  const { decision } = judged.verdict
  if (judged.refusal !== null) return fresh(scope, draft, judged.refusal)
  if (decision === 'deny') return fresh(scope, draft, 'policy_denied')
  if (decision === 'allow') return fresh(scope, draft, null)
  return approvalMode() === 'simulate' ? fresh(scope, simulated(draft), null, true) : ofPerson(scope, asked, draft)
}

type Minted = { token: string; expiresAt: Date; scope: ToolScope } | null

const minted = (scope: Scope, { adapter, execution, body }: ToolAsked, judged: ToolJudgement, o: Outcome): Minted => {
  if (o.denial !== null || judged.scope === null) return null
  const claims = {
    tenant_id: scope.tenantId,
    workspace_id: execution.workspaceId,
    adapter_id: adapter.id,
    execution_id: execution.id,
    tool: body.tool,
    scope: judged.scope,
    ...(body.arguments === undefined ? {} : { arguments_hash: hashOf(body.arguments) }),
    jti: o.id,
  }
  return { ...mintToolToken(claims, scope.clock.now()), scope: judged.scope }
}

const rowOf = (scope: Scope, { adapter, execution, body }: ToolAsked, outcome: Outcome, given: Minted) => ({
  id: outcome.id,
  execution: execution.id,
  adapter: adapter.id,
  workspace: execution.workspaceId,
  tool: body.tool,
  decision: given === null ? 'deny' : 'allow',
  reason: outcome.denial,
  decision_id: outcome.decisionId,
  scope: given?.scope ?? null,
  token: given === null ? null : hashOfToken(given.token),
  at: storedTime(scope.clock.now()),
  expires: given === null ? null : storedTime(given.expiresAt),
})

const auditsOf = (scope: Scope, asked: ToolAsked, judged: ToolJudgement, outcome: Outcome): CommandAudit[] => {
  const { adapter, execution, body } = asked
  const about = { entityId: outcome.id, workspaceId: execution.workspaceId }
  const facts = { authorization_id: outcome.id, execution_id: execution.id, adapter_id: adapter.id, tool: body.tool }
  const told = { ...facts, decision_id: outcome.decisionId }
  const isGranted = outcome.denial === null
  const data = isGranted ? { ...told, scope: judged.scope } : { ...told, reason: outcome.denial }
  const { draft, approved } = outcome
  return [
    { event: 'tool_authorization_requested', ...about, data: facts },
    { event: isGranted ? 'tool_authorization_granted' : 'tool_authorization_denied', ...about, data },
    ...(draft === null ? [] : pendingAudits([draft])),
    ...(draft === null || judged.refusal !== null
      ? []
      : policyAudits(judged.verdict, told).map((audit) => ({ ...about, ...audit }))),
    ...(outcome.isSimulated ? [{ event: 'approval_auto_allowed_in_core' as const, ...about, data: told }] : []),
    ...(approved === null ? [] : [consumedAudit(approved.row, scope.actor)]),
  ]
}

const consuming = (scope: Scope, { adapter }: ToolAsked, { row, token }: Approved, actionHash: string): CommandWrite =>
  consumeWrite(scope, {
    id: row.id,
    actionHash,
    adapterId: adapter.id,
    by: scope.actor,
    ...(token === undefined ? {} : { token }),
  })

const replyOf = (judged: ToolJudgement, { id, denial, decisionId, draft }: Outcome, given: Minted): AuthorizeReply => {
  const { verdict } = judged
  const policy = {
    decision: draft?.verdict.decision ?? verdict.decision,
    matched_policies: [...verdict.matchedPolicies],
    decision_trace: [...verdict.trace],
    explanation: draft?.verdict.explanation ?? verdict.explanation,
  }
  const about = { decision_id: decisionId, authorization_id: id, policy }
  if (given !== null)
    return {
      decision: 'allow',
      tool_token: given.token,
      expires_at: toWire(given.expiresAt),
      granted_scope: given.scope,
      ...about,
    }
  return { decision: 'deny', reason: denial ?? 'policy_denied', policy_id: verdict.policyId, ...about }
}

const store = async (scope: Scope, asked: ToolAsked, judged: ToolJudgement, outcome: Outcome, given: Minted) => {
  const { draft, approved } = outcome
  const { applied } = await scope.command({
    audit: auditsOf(scope, asked, judged, outcome),
    writes: [
      ...(approved === null ? [] : [consuming(scope, asked, approved, judged.actionHash)]),
      ...decisionWrites(scope, draft === null ? [] : [draft]),
      { statement: insertAuthorization, rows: [rowOf(scope, asked, outcome, given)], guard: true },
      ...seenWrites(scope, asked.adapter.id),
    ],
  })
  return applied
}

const assertPlace = (body: AuthorizeBody, environment: string): void => {
  if (body.environment !== undefined && body.environment !== environment)
    throw new Problem('adapter_scope_mismatch', 'The execution is in another environment.', {
      environment: body.environment,
    })
}

const MOST_TRIES = 3

/** May the agent use this tool, now, within its execution? Every answer is stored, and every yes is for one use. */
export const authorizeTool = async (scope: Scope, body: AuthorizeBody): Promise<AuthorizeReply> => {
  assertSelf(scope, body.adapter_id)
  const adapter = await currentAdapter(scope)
  const execution = await settleExecution(scope, await mustBeOwn(scope, body.execution_id))
  assertPlace(body, execution.environment)
  const asked = { adapter, execution, body }
  const judged = await judgeTool(scope, asked)
  // Refused where another call was faster with the same approval, or the agent was switched off: it is looked at again.
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const outcome = await outcomeOf(scope, asked, judged)
    const given = minted(scope, asked, judged, outcome)
    if (await store(scope, asked, judged, outcome, given)) return replyOf(judged, outcome, given)
    await currentAdapter(scope)
  }
  throw new Problem('unavailable', 'The authorization could not be stored.')
}
