import { eventWrite, jobWrite } from '@/lib/core/outbox'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { toWireOrNull } from '@/lib/shared/time'
import { callbackWrites } from './callback'
import { closeOne, expireSome, resolveOne } from './sql'
import { type DecisionRow, decisionsOfRun } from './store'

export const RESUME_JOB = 'resume-run'
const RESUME_ATTEMPTS = 20

export type Resolution = { action: string; justification: string; reason_code?: string }

export type Outcome = {
  status: 'approved' | 'denied'
  by: string
  byId: string | null
  resolution: Resolution & { jti?: string; issued_at?: string }
  tokenHash: string | null
  expiresAt: Date | null
}

const aboutOf = (row: DecisionRow) => ({
  entityId: row.id,
  workspaceId: row.workspaceId,
  ...(row.traceId === null ? {} : { traceId: row.traceId }),
})

const factsOf = (row: DecisionRow) => ({
  decision_id: row.id,
  tool: row.tool,
  action_hash: row.actionHash,
  requested_by: row.requestedBy,
  required_role: row.requiredRole,
  ...(row.executionId === null ? {} : { execution_id: row.executionId }),
  ...(row.adapterId === null ? {} : { adapter_id: row.adapterId }),
})

/** The run that waits for it is taken up; the job itself sees whether the run still waits for others. */
export const resumeWrite = (traceId: string, dedupeKey?: string): CommandWrite =>
  jobWrite({
    kind: RESUME_JOB,
    payload: { trace_id: traceId },
    maxAttempts: RESUME_ATTEMPTS,
    ...(dedupeKey === undefined ? {} : { dedupeKey }),
  }).write

const newsOf = (row: DecisionRow, status: string): CommandWrite[] => [
  eventWrite('decision.resolved', {
    id: row.id,
    origin: row.origin,
    workspace_id: row.workspaceId,
    trace_id: row.traceId,
    status,
  }),
  ...(row.adapterId === null && row.traceId !== null ? [resumeWrite(row.traceId)] : []),
]

export const outcomeAudits = (row: DecisionRow, outcome: Outcome): CommandAudit[] => {
  const { action, justification, reason_code } = outcome.resolution
  const said = { action, justification, ...(reason_code === undefined ? {} : { reason_code }) }
  const data = { ...factsOf(row), ...said, status: outcome.status, resolved_by: outcome.by }
  const resolved: CommandAudit = { event: 'policy_decision_resolved', ...aboutOf(row), data }
  if (outcome.status !== 'approved') return [resolved]
  const grant = { ...factsOf(row), approved_by: outcome.by, expires_at: toWireOrNull(outcome.expiresAt) }
  return [resolved, { event: 'approval_grant_created', ...aboutOf(row), data: grant }]
}

/** One decision and all that follows from it, for one command. Refused where somebody else was faster or time is up. */
export const outcomeWrites = async (scope: Scope, row: DecisionRow, outcome: Outcome): Promise<CommandWrite[]> => {
  const { jti: _, issued_at: __, ...told } = outcome.resolution
  const resolution = { ...outcome.resolution, justification: scope.redaction.text(outcome.resolution.justification) }
  const change = {
    id: row.id,
    now: storedTime(scope.clock.now()),
    status: outcome.status,
    by: outcome.by,
    by_id: outcome.byId,
    resolution,
    token: outcome.tokenHash,
    expires: outcome.expiresAt === null ? null : storedTime(outcome.expiresAt),
  }
  return [
    { statement: resolveOne, rows: [change], guard: true },
    ...newsOf(row, outcome.status),
    ...(await callbackWrites(scope, row, { status: outcome.status, expiresAt: outcome.expiresAt, resolution: told })),
  ]
}

/** Nobody decided, or nobody used what was approved, in time. */
export const settleExpired = async (scope: Scope, row: DecisionRow): Promise<boolean> => {
  const data = { ...factsOf(row), status: 'expired', resolved_by: scope.actor, was: row.status }
  const { applied } = await scope.command({
    audit: [{ event: 'policy_decision_resolved', ...aboutOf(row), data }],
    writes: [
      { statement: expireSome, rows: [{ id: row.id, now: storedTime(scope.clock.now()) }], guard: true },
      ...newsOf(row, 'expired'),
      ...(await callbackWrites(scope, row, { status: 'expired', expiresAt: row.expiresAt, resolution: null })),
    ],
  })
  return applied
}

const CLOSED = 'cancel'

/** The decisions of a run that ends without them: nobody can approve them any more, and nothing is resumed. */
export const closePending = async (scope: Scope, traceId: string, why: string) => {
  const rows = (await decisionsOfRun(scope.db, traceId)).filter(({ status }) => status === 'pending')
  const now = storedTime(scope.clock.now())
  const resolution = { action: CLOSED, justification: why }
  return {
    audits: rows.map((row): CommandAudit => {
      const data = { ...factsOf(row), ...resolution, status: 'denied', resolved_by: scope.actor }
      return { event: 'policy_decision_resolved', ...aboutOf(row), data }
    }),
    writes: rows.flatMap((row): CommandWrite[] => [
      {
        statement: closeOne,
        rows: [{ id: row.id, now, by: scope.actor, by_id: scope.identity.userId, resolution }],
        guard: true,
      },
      eventWrite('decision.resolved', {
        ...{ id: row.id, origin: row.origin, workspace_id: row.workspaceId, trace_id: row.traceId, status: 'denied' },
      }),
    ]),
  }
}
