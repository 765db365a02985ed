import { dateOf } from '@/lib/core/clock'
import type { CommandAudit, Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { closePending, settleWrites } from '@/lib/governance'
import { onceWrite } from '@/lib/http/idempotency'
import { exportWrites } from '@/lib/otlp'
import { endWrites, resumeWrites } from '@/lib/tracing'
import { webhookWrites } from '@/lib/webhooks'
import { dropWrite, type Hold, takeWrite } from './durable'
import { hookTarget } from './hook-facts'
import { outcomeOf } from './inputs'
import type { PausedState } from './paused-state'
import { headOf, spentSoFar } from './spent-so-far'

const findRun = readStatement(`SELECT "startedAt", "provider", "model", "workspaceId", "executionId", "taskId",
    "toolCallCount", "stepCount" FROM "Trace" WHERE "tenantId" = :tenant AND "id" = :id AND "status" IN ('running', 'paused')`)

type Why = {
  status: 'error' | 'cancelled'
  failure: { code: string; message: string }
  state?: PausedState | null
}

const CLIENT_CLOSED = 499
const BAD_GATEWAY = 500

// A repetition of the call is told how it ended, and so is the webhook.
const tellCaller = async (scope: Scope, traceId: string, { status, failure, state }: Why): Promise<CommandWrite[]> => {
  if (!state) return []
  const { once, request, executionId, taskId } = state
  const body = { error: failure.message, code: failure.code, trace_id: traceId }
  const code = status === 'cancelled' ? CLIENT_CLOSED : BAD_GATEWAY
  const answer = once === null ? [] : [onceWrite(scope, once, code, body)]
  if (!request.webhook) return answer
  const { userId, role } = request.place
  const hook = await webhookWrites(scope, {
    traceId,
    ...hookTarget(request.webhook),
    event: 'agent.error',
    payload: {
      ...{ trace_id: traceId, execution_id: executionId, task_id: taskId, user_id: userId, role, response: null },
      ...{ error: failure.message, code: failure.code, metadata: request.metadata, delivery: 'none' },
    },
  })
  return [...answer, ...hook.writes]
}

type Row = Record<string, unknown>

const auditOf = (scope: Scope, traceId: string, row: Row, { status, failure }: Why, cost: number): CommandAudit => ({
  event: 'agent_execution_failed',
  entityId: traceId,
  traceId,
  workspaceId: String(row['workspaceId']),
  data: { status, code: failure.code, execution_id: row['executionId'], cost_micro_usd: cost, ended_by: scope.actor },
})

const endingWrites = async (scope: Scope, traceId: string, row: Row, why: Why) => {
  const [{ spent, open }, head] = await Promise.all([spentSoFar(scope, traceId), headOf(scope, traceId)])
  const { state, status, failure } = why
  const end = endWrites(scope, {
    id: traceId,
    status,
    stopReason: status === 'cancelled' ? 'cancelled' : null,
    startedAt: dateOf(row['startedAt'] as string | Date),
    provider: String(row['provider']),
    model: String(row['model']),
    ...{ usage: spent.usage, cost: spent.cost, isEstimated: spent.isEstimated },
    stepCount: head.seq,
    toolCallCount: state?.toolCallCount ?? Number(row['toolCallCount']),
    lastStepHash: head.last,
    failure,
    taskId: state?.taskId ?? null,
    delivery: 'none',
    isSuppressed: false,
    outcome: outcomeOf(state?.loop.text ?? '', undefined),
  })
  return { cost: spent.cost, writes: [...settleWrites(scope, open), ...end] }
}

/** The end of a run that nobody is working on. Whoever goes on with it at this moment keeps it. */
export const endPaused = async (scope: Scope, hold: Hold, why: Why): Promise<'done' | 'busy' | 'gone'> => {
  const { traceId } = hold
  const [row] = await scope.rows(findRun, { id: traceId })
  if (!row) return 'gone'
  const now = scope.clock.now()
  const { writes, cost } = await endingWrites(scope, traceId, row, why)
  const closed = await closePending(scope, traceId, why.failure.message)
  const { applied } = await scope.command({
    audit: [...closed.audits, auditOf(scope, traceId, row, why, cost)],
    writes: [
      takeWrite(scope, hold),
      ...resumeWrites(traceId, now),
      ...writes,
      ...exportWrites(traceId),
      ...closed.writes,
      ...(await tellCaller(scope, traceId, why)),
      dropWrite(traceId),
    ],
  })
  return applied ? 'done' : 'busy'
}
