import type { CommandAudit, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import { externalTraceWrites } from '@/lib/tracing'

export type Blocked = {
  executionId: string
  adapterId: string
  workspaceId: string
  environment: string
  decisionId: string
  reason: string
  explanation: string
  matchedPolicies: readonly string[]
  policyHash: string
  risk: { score: number; level: string; factors?: object; inputs?: object }
  intent: string | null
  requestedAt: Date
}

export type BlockedTrace = { id: string; writes: CommandWrite[]; audits: CommandAudit[]; committed(): void }

/** What was refused leaves a trace like what was done, seen by this platform itself. */
export const blockedTrace = (scope: Scope, blocked: Blocked): BlockedTrace => {
  const now = scope.clock.now()
  const id = uuidv7(now.getTime())
  const { workspaceId, decisionId, reason, matchedPolicies } = blocked
  const decision = {
    subject: 'execution',
    decision: 'deny',
    reason,
    decision_id: decisionId,
    matched_policies: matchedPolicies,
    explanation: blocked.explanation,
    policy_hash: blocked.policyHash,
  }
  const trace = externalTraceWrites(scope, {
    id,
    executionId: blocked.executionId,
    adapterId: blocked.adapterId,
    name: null,
    workspaceId,
    environment: blocked.environment,
    kind: 'blocked',
    userId: null,
    role: null,
    status: 'error',
    startedAt: blocked.requestedAt,
    completedAt: now,
    durationMs: Math.max(0, now.getTime() - blocked.requestedAt.getTime()),
    provider: '',
    model: '',
    usage: { input: 0, output: 0 },
    steps: [{ type: 'decision', timestamp: now, durationMs: 0, data: decision }],
    toolCallCount: 0,
    failure: {
      code: reason === 'budget_exceeded' ? 'budget_exhausted' : 'policy_denied',
      message: blocked.explanation,
    },
    risk: { score: blocked.risk.score, level: blocked.risk.level },
    labels: {},
    trust: 'platform',
    inputs: {
      ...(blocked.intent === null ? {} : { message: blocked.intent }),
      risk: { factors: blocked.risk.factors ?? {}, inputs: blocked.risk.inputs ?? {} },
    } as object,
    outcome: { message: null, tool_calls: [] },
  })
  const data = { execution_id: blocked.executionId, adapter_id: blocked.adapterId, decision_id: decisionId, reason }
  const audit: CommandAudit = {
    event: 'blocked_execution_trace_recorded',
    entityId: blocked.executionId,
    workspaceId,
    traceId: id,
    data: { ...data, matched_policies: matchedPolicies },
  }
  return { id, writes: trace.writes, audits: [audit], committed: trace.committed }
}
