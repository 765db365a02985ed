import { PROBLEMS } from '@/lib/shared/problem'
import type { RunReply } from './contract'
import { endRun } from './end-run'
import { errorHook } from './hook-facts'
import { outcomeOf } from './inputs'
import { pauseRun } from './pause-run'
import type { Prepared } from './prepare'
import type { Run } from './run'
import { deliver, keep, saidBy } from './say'
import type { Failed, Worked } from './work'

// Who repeats the call later is told how it ended. While its caller waits, the route itself frees the key.
const failureWrites = ({ durable, scope, traceId }: Run, { problem }: Failed) => {
  if (durable === null || !scope.once) return []
  const { message: error, code, details } = problem
  return [scope.once.write(PROBLEMS[code].status, { error, code, ...(details ? { details } : {}), trace_id: traceId })]
}

// A run that failed is recorded, charged and told about like any other.
const fail = async (run: Run, prepared: Prepared, taskId: string | null, failed: Failed): Promise<never> => {
  const { problem, status, text, result } = failed
  const hook = await errorHook(run.scope, prepared.request, problem, { run, taskId })
  const ending = {
    status,
    stopReason: status === 'cancelled' ? 'cancelled' : null,
    model: result?.model ?? prepared.question.model,
    failure: { code: problem.code, message: problem.message },
    taskId,
    delivery: 'none',
    isSuppressed: false,
    outcome: outcomeOf(text, result),
  } as const
  await endRun(run, ending, [...hook, ...failureWrites(run, failed)])
  throw problem
}

/** From what came of a run to what its caller, its backend and its webhook hear of it. */
export const conclude = async (run: Run, prepared: Prepared, worked: Worked): Promise<RunReply> => {
  const { taskId } = worked
  if (!worked.ok) return fail(run, prepared, taskId, worked.failed)
  const { result } = worked
  if (result.stopReason === 'approval_required') return pauseRun(run, prepared, taskId, result)
  const said = saidBy(prepared, result)
  const isMute = said.isSuppressed || said.content.trim() === ''
  return taskId === null || isMute ? keep(run, prepared, taskId, said) : deliver(run, prepared, taskId, said)
}
