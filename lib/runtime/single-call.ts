import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import type { Reservation } from '@/lib/governance'
import type { ModelAnswer, ModelRef } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import type { RunKind } from '@/lib/tracing'
import { policiesFor } from '@/lib/workspace'
import { problemOf, statusOf } from './answer-problem'
import { askModel, promptTokensOf, type Question } from './ask-model'
import { type Ending, endRun } from './end-run'
import { NOTHING_GIVEN } from './given'
import { boundOf } from './holder'
import { nameTrace } from './name-trace'
import { running } from './open-runs'
import { permitRun } from './permit-run'
import { openRun, type Run } from './run'
import type { Alone } from './settle-alone'
import { tooLate } from './work'

export type Answer = Extract<ModelAnswer, { ok: true }>

export type Single<T> = {
  kind: Extract<RunKind, 'compact' | 'llm_task'>
  alone: Alone
  question: Question
  inputs: object
  // An approval of this very call.
  decisionId?: string | undefined
  // What becomes of the answer; it may ask again within the same run.
  read(answer: Answer, run: Run): Promise<{ value: T; text: string; model: ModelRef }>
  // What is written in the commit that ends it, also where nothing came of it.
  withItsEnd?(value: T, run: Run): readonly CommandWrite[]
  withItsFailure?(problem: Problem, run: Run): readonly CommandWrite[]
}

type Failure = { problem: Problem; status: Ending['status'] }

export const singleEnding = (model: ModelRef, text: string, failure: Failure | null): Ending => ({
  status: failure?.status ?? 'success',
  stopReason: failure ? null : 'completed',
  model,
  failure: failure ? { code: failure.problem.code, message: failure.problem.message } : null,
  taskId: null,
  delivery: 'none',
  isSuppressed: false,
  outcome: { message: text, tool_calls: [] },
})

export const singleFailure = (run: Run, error: unknown): Failure => {
  if (run.isLate()) return { problem: tooLate(run), status: 'timeout' }
  if (error instanceof AnswerFailed) return { problem: problemOf(error.failure), status: statusOf(error.failure) }
  const problem =
    error instanceof Problem ? error : new Problem('internal_error', undefined, undefined, { cause: error })
  return { problem, status: 'error' }
}

class AnswerFailed extends Error {
  constructor(readonly failure: Extract<ModelAnswer, { ok: false }>) {
    super(failure.message)
  }
}

export const answered = (answer: ModelAnswer): Answer => {
  if (answer.ok) return answer
  throw new AnswerFailed(answer)
}

const readAnswer = async <T>(run: Run, single: Single<T>, held: Reservation) =>
  single.read(answered(await askModel(run, single.question, held)), run)

const act = async <T>(scope: Scope, single: Single<T>): Promise<{ run: Run; value: T; model: ModelRef }> => {
  await nameTrace(scope)
  const { question } = single
  const { place, chosen } = single.alone
  const given = { ...NOTHING_GIVEN, pin: chosen.pin, arm: chosen.arm }
  const permitted = await permitRun(scope, {
    kind: single.kind,
    place,
    model: question.model,
    risk: null,
    cost: boundOf(question),
    skills: [],
    policies: await policiesFor(scope, place.workspaceId, chosen),
    pinned: given,
    sent: single.inputs,
    ...(single.decisionId === undefined ? {} : { decisionId: single.decisionId.toLowerCase() }),
  })
  const { run, first } = await openRun(scope, {
    ...{ decision: permitted, given },
    kind: single.kind,
    place,
    model: question.model,
    promptTokens: promptTokensOf(question),
    maxTokens: question.maxTokens,
    workspaceHash: null,
    promptSource: 'none',
    risk: null,
    inputs: single.inputs,
  })
  if (!first) throw new Error('A call of a model is always held')
  const read = await readAnswer(run, single, first).catch((error: unknown) => singleFailure(run, error))
  if ('problem' in read) {
    await endRun(run, singleEnding(question.model, '', read), single.withItsFailure?.(read.problem, run) ?? [])
    throw read.problem
  }
  await endRun(run, singleEnding(read.model, read.text, null), single.withItsEnd?.(read.value, run) ?? [])
  return { run, value: read.value, model: read.model }
}

// A call of a model without an agent: held, charged and recorded like every other.
export const singleCall = <T>(scope: Scope, single: Single<T>) => running(act(scope, single))

export const cheapModel = (): string => kernel().env.LLM_MODEL_CHEAP || kernel().env.LLM_MODEL_DEFAULT
