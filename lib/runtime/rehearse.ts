import { monotonicMs } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { uuidv7 } from '@/lib/shared/id'
import type { MicroUsd } from '@/lib/shared/money'
import { snapshotOf } from '@/lib/workspace'
import { type Ending, endRun } from './end-run'
import { inputsOf, outcomeOf } from './inputs'
import { type LoopResult, runLoop } from './loop'
import { running } from './open-runs'
import type { Prepared } from './prepare'
import { prepareRehearsal } from './rehearsal/prepare-rehearsal'
import type { Rehearsal } from './rehearsal/wish'
import { openRun, type Run } from './run'
import { endingOf, saidBy } from './say'
import { SILENT } from './sink'
import { type Failed, type Worked, worked } from './work'

export type RehearsedCall = {
  name: string
  arguments: unknown
  result?: string
  success: boolean
  permitted: boolean
}

export type Rehearsed = {
  traceId: string
  ok: boolean
  text: string
  error?: { code: string; message: string }
  // Why it ended where nothing failed: `budget` and `step_limit` cut an answer off.
  stopReason: string | null
  toolCalls: readonly RehearsedCall[]
  costMicroUsd: MicroUsd
  durationMs: number
  inputTokens: number
  outputTokens: number
  model: string
  workspaceHash: string
  skillVersions: Readonly<Record<string, string>>
}

// What is written in the commit that ends the run: both are there or neither is.
export type WithItsEnd = (outcome: Rehearsed) => readonly CommandWrite[]

// A run of its own within whatever the caller does: its own trace, and no claim on the caller's key.
const ownScope = (scope: Scope, correlationId: string | undefined): Scope => {
  const state = { traceId: uuidv7(scope.clock.now().getTime()) }
  const retrace = (id: string) => {
    state.traceId = id
  }
  return Object.create(scope, {
    traceId: { get: () => state.traceId },
    retrace: { value: retrace },
    isTraceWished: { value: false },
    once: { value: undefined },
    correlationId: { value: correlationId, writable: true },
  }) as Scope
}

const open = async (scope: Scope, wish: Rehearsal, prepared: Prepared) => {
  const { question, promptTokens, promptSource, risk, bundle, request, permitted, embedding, given } = prepared
  const { run, first } = await openRun(scope, {
    kind: wish.kind,
    place: request.place,
    model: question.model,
    promptTokens,
    maxTokens: question.maxTokens,
    workspaceHash: bundle.hash,
    promptSource,
    ...{ risk, given },
    inputs: inputsOf(prepared),
    snapshot: await snapshotOf(scope, bundle),
    ...(permitted === undefined ? {} : { decision: permitted }),
    ...(embedding === undefined ? {} : { embedding }),
    ...(wish.timeoutMs === undefined ? {} : { limitMs: wish.timeoutMs }),
    rehearsal: wish.mocks === 'none' ? 'live' : 'mocked',
  })
  if (!first) throw new Error('A rehearsal always asks a model')
  return { run, first }
}

const failedEnding = (prepared: Prepared, { problem, status, text, result }: Failed): Ending => ({
  status,
  stopReason: status === 'cancelled' ? 'cancelled' : null,
  model: result?.model ?? prepared.question.model,
  failure: { code: problem.code, message: problem.message },
  taskId: null,
  delivery: 'none',
  isSuppressed: false,
  outcome: outcomeOf(text, result),
})

const callsOf = (prepared: Prepared, result: LoopResult | undefined): RehearsedCall[] =>
  (result?.records ?? []).map(({ call, outcome }) => ({
    name: outcome.tool ?? prepared.tools.nameOf(call.name),
    arguments: call.arguments,
    result: outcome.content,
    success: outcome.permitted && !outcome.isError,
    permitted: outcome.permitted,
  }))

type Seen = { run: Run; prepared: Prepared; outcome: Worked; ending: Ending; durationMs: number }

const rehearsed = ({ run, prepared, outcome, ending, durationMs }: Seen): Rehearsed => {
  const result = outcome.ok ? outcome.result : outcome.failed.result
  const { usage, cost } = run.meter.totals()
  return {
    traceId: run.traceId,
    ok: outcome.ok,
    text: (ending.outcome as { message: string }).message,
    ...(ending.failure === null ? {} : { error: ending.failure }),
    stopReason: ending.stopReason,
    toolCalls: callsOf(prepared, result),
    costMicroUsd: cost,
    durationMs,
    inputTokens: usage.input + usage.cacheRead + usage.cacheWrite,
    outputTokens: usage.output,
    model: ending.model.name,
    workspaceHash: prepared.bundle.hash,
    skillVersions: prepared.given.skillVersions,
  }
}

const act = async (scope: Scope, wish: Rehearsal, withItsEnd: WithItsEnd): Promise<Rehearsed> => {
  const own = ownScope(scope, wish.correlationId)
  const prepared = await prepareRehearsal(own, wish)
  const started = monotonicMs()
  const { run, first } = await open(own, wish, prepared)
  const { question, tools, maxSteps } = prepared
  const work = { run, question, tools, maxSteps, taskId: null, isHeartbeat: false, sink: SILENT }
  const outcome = await worked(run, first, null, () => runLoop(work, first))
  const ending = outcome.ok
    ? endingOf(saidBy(prepared, outcome.result), null, 'none')
    : failedEnding(prepared, outcome.failed)
  const durationMs = Math.round(monotonicMs() - started)
  const seen = rehearsed({ run, prepared, outcome, ending, durationMs })
  await endRun(run, ending, withItsEnd(seen))
  return seen
}

/**
 * Runs a message through the one loop without a conversation: charged, budgeted, policed and traced like any other run,
 * and nothing of it reaches the backend but questions. What is refused before it begins is thrown; what fails later is told.
 */
export const rehearse = (scope: Scope, wish: Rehearsal, withItsEnd: WithItsEnd = () => []): Promise<Rehearsed> =>
  running(act(scope, wish, withItsEnd))
