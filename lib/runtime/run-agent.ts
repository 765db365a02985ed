import type { Scope } from '@/lib/core/scope'
import { isProblem, type Problem, statusOfProblem } from '@/lib/shared/problem'
import { type Snapshot, snapshotOf } from '@/lib/workspace'
import type { RunReply } from './contract'
import { endRun } from './end-run'
import { errorHook } from './hook-facts'
import { inputsOf, outcomeOf } from './inputs'
import { nameTrace } from './name-trace'
import { running } from './open-runs'
import { type Prepared, prepare } from './prepare'
import type { RunRequest } from './request'
import { openRun, type Run, type RunPlan } from './run'
import { deliver, keep, saidBy, saidNothing } from './say'
import type { Sink } from './sink'
import { type Failed, work } from './work'

const planOf = (prepared: Prepared, snapshot: Snapshot | null): RunPlan => {
  const { request, question, promptTokens, promptSource, risk, bundle } = prepared
  return {
    kind: request.kind,
    place: request.place,
    model: question.model,
    promptTokens,
    maxTokens: question.maxTokens,
    workspaceHash: bundle.hash,
    promptSource,
    risk,
    inputs: inputsOf(prepared),
    snapshot,
    ...(prepared.embedding === undefined ? {} : { embedding: prepared.embedding }),
    asksModel: prepared.skipped === null,
    audits:
      promptSource === 'override'
        ? [{ event: 'prompt_override_used', data: { characters: question.system.length, role: request.place.role } }]
        : [],
  }
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
  await endRun(run, ending, hook)
  throw problem
}

// Refused before it began: no trace, no task; whoever asked for a webhook hears of it.
const tellRefusal = async (scope: Scope, request: RunRequest, problem: Problem): Promise<void> => {
  const writes = await errorHook(scope, request, problem)
  if (writes.length > 0) await scope.command({ audit: [], writes })
}

const opened = async (scope: Scope, request: RunRequest) => {
  try {
    const prepared = await prepare(scope, request)
    const snapshot = await snapshotOf(scope, prepared.bundle)
    return { prepared, ...(await openRun(scope, planOf(prepared, snapshot))) }
  } catch (error) {
    if (isProblem(error) && statusOfProblem(error) !== 400) await tellRefusal(scope, request, error)
    throw error
  }
}

const act = async (scope: Scope, request: RunRequest, sink: Sink): Promise<RunReply> => {
  await nameTrace(scope)
  const { prepared, run, first } = await opened(scope, request)
  sink.opened({ trace_id: run.traceId, execution_id: run.executionId, task_id: null })
  if (!first) return keep(run, prepared, null, saidNothing(prepared))
  const worked = await work(run, prepared, first, sink)
  if (!worked.ok) return fail(run, prepared, worked.taskId, worked.failed)
  const said = saidBy(prepared, worked.result)
  const isMute = said.isSuppressed || said.content.trim() === ''
  return worked.taskId === null || isMute
    ? keep(run, prepared, worked.taskId, said)
    : deliver(run, prepared, worked.taskId, said)
}

// The one way an agent runs, whoever asked and however the answer travels.
export const runAgent = (scope: Scope, request: RunRequest, sink: Sink): Promise<RunReply> =>
  running(act(scope, request, sink))
