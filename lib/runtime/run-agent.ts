import type { Scope } from '@/lib/core/scope'
import { isProblem, type Problem, statusOfProblem } from '@/lib/shared/problem'
import { markMet, type Snapshot } from '@/lib/workspace'
import { conclude } from './conclude'
import type { RunReply } from './contract'
import { errorHook } from './hook-facts'
import { inputsOf } from './inputs'
import { nameTrace } from './name-trace'
import { running } from './open-runs'
import { type Prepared, prepare } from './prepare'
import type { RunRequest } from './request'
import { openRun, type RunPlan } from './run'
import { keep, saidNothing } from './say'
import type { Sink } from './sink'
import { work } from './work'

const planOf = (prepared: Prepared, snapshot: Snapshot | null): RunPlan => {
  const { request, question, promptTokens, promptSource, risk, bundle, given } = prepared
  return {
    kind: request.kind,
    place: request.place,
    model: question.model,
    promptTokens,
    maxTokens: question.maxTokens,
    workspaceHash: bundle.hash,
    promptSource,
    ...{ risk, given },
    inputs: inputsOf(prepared),
    snapshot,
    ...(prepared.permitted === undefined ? {} : { decision: prepared.permitted }),
    ...(prepared.embedding === undefined ? {} : { embedding: prepared.embedding }),
    asksModel: prepared.skipped === null,
    audits:
      promptSource === 'override'
        ? [{ event: 'prompt_override_used', data: { characters: question.system.length, role: request.place.role } }]
        : [],
  }
}

// Refused before it began: no trace, no task; whoever asked for a webhook hears of it.
const tellRefusal = async (scope: Scope, request: RunRequest, problem: Problem): Promise<void> => {
  const writes = await errorHook(scope, request, problem)
  if (writes.length > 0) await scope.command({ audit: [], writes })
}

const opened = async (scope: Scope, request: RunRequest) => {
  try {
    const prepared = await prepare(scope, request)
    const snapshot = await markMet(scope, prepared.bundle)
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
  return conclude(run, prepared, await work(run, prepared, first, sink))
}

// The one way an agent runs, whoever asked and however the answer travels.
export const runAgent = (scope: Scope, request: RunRequest, sink: Sink): Promise<RunReply> =>
  running(act(scope, request, sink))
