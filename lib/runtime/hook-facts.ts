import type { CommandWrite } from '@/lib/core/writer'
import type { Problem } from '@/lib/shared/problem'
import { webhookWrites } from '@/lib/webhooks'
import type { RunReply, SendBody } from './contract'
import { usageOf } from './reply'
import type { RunRequest } from './request'
import type { Run } from './run'

export const hookTarget = ({ url, secret, headers }: NonNullable<SendBody['webhook']>) => ({
  url,
  ...(secret === undefined ? {} : { secret }),
  ...(headers === undefined ? {} : { headers }),
})

// What a webhook says about an answer; delivery and error are known only when it is sent.
export const hookFacts = (request: RunRequest, reply: RunReply, now: Date): Record<string, unknown> => ({
  timestamp: now.toISOString(),
  task_id: reply.task_id,
  user_id: request.place.userId,
  role: request.place.role,
  response: reply.response,
  usage: reply.usage,
  cost: reply.cost,
  metadata: request.metadata,
  trace_id: reply.trace_id,
  execution_id: reply.execution_id,
  ...(reply.suppressed ? { suppressed: true } : {}),
})

const failureFacts = (request: RunRequest, problem: Problem, now: Date, taskId: string | null) => ({
  timestamp: now.toISOString(),
  task_id: taskId,
  user_id: request.place.userId,
  role: request.place.role,
  response: null,
  error: problem.message,
  code: problem.code,
  metadata: request.metadata,
  delivery: 'none',
})

// A refused run has no trace; a failed one has.
export const errorHook = async (
  scope: Run['scope'],
  request: RunRequest,
  problem: Problem,
  about: { run?: Run; taskId?: string | null } = {},
): Promise<readonly CommandWrite[]> => {
  if (!request.webhook) return []
  const { run, taskId = null } = about
  const facts = failureFacts(request, problem, scope.clock.now(), taskId)
  const known = run ? { trace_id: run.traceId, execution_id: run.executionId, usage: usageOf(run) } : {}
  const hook = await webhookWrites(scope, {
    ...hookTarget(request.webhook),
    traceId: run?.traceId ?? null,
    event: 'agent.error',
    payload: { ...facts, ...known },
  })
  return hook.writes
}
