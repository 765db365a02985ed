import type { Backend } from '@/lib/control-plane'
import { kernel } from '@/lib/core/kernel'
import { type Reservation, refusalOf } from '@/lib/governance'
import { asProblem } from '@/lib/http/problem-reply'
import { Problem } from '@/lib/shared/problem'
import { problemOf, statusOf } from './answer-problem'
import type { Ending } from './end-run'
import { type LoopResult, runLoop } from './loop'
import type { Prepared } from './prepare'
import type { RunRequest } from './request'
import type { Run } from './run'
import type { Sink } from './sink'

export type Result = Extract<LoopResult, { ok: true }>
export type Failed = { problem: Problem; status: Ending['status']; text: string; result?: LoopResult }
export type Worked = { taskId: string | null } & ({ ok: true; result: Result } | { ok: false; failed: Failed })

const resolveTask = async (backend: Backend, { task }: RunRequest): Promise<string | null> => {
  if (task === null) return null
  if (task.kind === 'id') return task.id
  const { title, description, metadata } = task
  const found = await backend.resolveTask(title, {
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
  })
  return found.id
}

// The caller of a stream reads this as its last event.
export const tooLate = (run: Run): Problem => {
  const { CLASPER_RUN_TIMEOUT_MS: limit } = kernel().env
  const text =
    run.kind === 'stream' ? `Stream timeout after ${limit}ms ${run.scope.clock.now().toISOString()}` : undefined
  return new Problem('timeout', text)
}

// The step that did not fit, not the one that did. Where only the token had too little, its first step stands for it.
const whyRefused = (run: Run, first: Reservation): Promise<Problem> =>
  refusalOf(run.scope, run.meter.lastRefused() ?? first)

export const judged = async (run: Run, first: Reservation, result: LoopResult): Promise<Failed | null> => {
  const { text } = result
  if (!result.ok) {
    const { failure } = result
    if (failure.kind === 'cancelled' && run.isLate()) return { problem: tooLate(run), status: 'timeout', text, result }
    const problem = failure.kind === 'budget' ? await whyRefused(run, first) : problemOf(failure)
    return { problem, status: statusOf(failure), text, result }
  }
  if (result.stopReason !== 'budget' || text !== '') return null
  return { problem: await whyRefused(run, first), status: 'error', text, result }
}

export const broken = (run: Run, error: unknown): Failed => {
  if (run.isLate()) return { problem: tooLate(run), status: 'timeout', text: '' }
  if (run.signal.aborted) return { problem: new Problem('cancelled'), status: 'cancelled', text: '' }
  return { problem: asProblem(error), status: 'error', text: '' }
}

// Whatever happens in here, the caller ends the run with it.
export const worked = async (
  run: Run,
  first: Reservation,
  taskId: string | null,
  act: () => Promise<LoopResult>,
): Promise<Worked> => {
  try {
    const result = await act()
    const failed = await judged(run, first, result)
    if (failed) return { taskId, ok: false, failed }
    return result.ok ? { taskId, ok: true, result } : { taskId, ok: false, failed: broken(run, result.failure) }
  } catch (error) {
    return { taskId, ok: false, failed: broken(run, error) }
  }
}

// From an opened run to what came of it.
export const work = async (run: Run, prepared: Prepared, first: Reservation, sink: Sink): Promise<Worked> => {
  const state: { taskId: string | null } = { taskId: null }
  const outcome = await worked(run, first, null, async () => {
    const taskId = await resolveTask(prepared.backend, prepared.request)
    state.taskId = taskId
    sink.opened({ trace_id: run.traceId, execution_id: run.executionId, task_id: taskId })
    const { question, tools, request, maxSteps } = prepared
    return runLoop({ run, question, tools, maxSteps, taskId, isHeartbeat: request.isHeartbeat, sink }, first)
  })
  return { ...outcome, taskId: state.taskId }
}
