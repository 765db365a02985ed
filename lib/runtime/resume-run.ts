import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { decisionsOfRun, settleWrites } from '@/lib/governance'
import { uuidv7 } from '@/lib/shared/id'
import { isProblem, Problem } from '@/lib/shared/problem'
import { resumeWrites } from '@/lib/tracing'
import { promptTokensOf } from './ask-model'
import { conclude } from './conclude'
import { durableOf, freeWrite, type Hold, keepHeld, takeWrite } from './durable'
import { endPaused } from './end-paused'
import { findPaused } from './pause-sql'
import { openPaused, type PausedState, sealPaused } from './paused-state'
import type { Prepared } from './prepare'
import { prepareResume, scopeOf } from './prepare-resume'
import { resumeLoop } from './resume-loop'
import { LEASE_GRACE_MS, type Run, shellOf } from './run'
import { SILENT } from './sink'
import { headOf, spentSoFar } from './spent-so-far'
import { worked } from './work'

// `waiting`: a person has still to decide. `busy`: another process has it, or had it when it died.
export type Resumption = 'done' | 'waiting' | 'busy' | 'gone'

const MOST_ATTEMPTS = 10

const isDecided = async (scope: Scope, traceId: string, { half }: PausedState): Promise<boolean> => {
  const ids = new Set(half?.waiting.map(({ decisionId }) => decisionId))
  const now = scope.clock.now()
  const rows = await decisionsOfRun(scope.db, traceId)
  return rows.every(
    ({ id, status, expiresAt }) => !ids.has(id) || status !== 'pending' || (expiresAt !== null && expiresAt <= now),
  )
}

const take = async (scope: Scope, hold: Hold): Promise<boolean> => {
  const lease = kernel().env.CLASPER_RUN_TIMEOUT_MS + LEASE_GRACE_MS
  const until = dateOf(scope.clock.now().getTime() + lease)
  const writes = [takeWrite(scope, hold), ...resumeWrites(hold.traceId, until)]
  return (await scope.command({ audit: [], writes })).applied
}

const reopened = async (scope: Scope, hold: Hold, state: PausedState): Promise<Run> => {
  const { spent, open } = await spentSoFar(scope, hold.traceId)
  if (open.length > 0) await scope.command({ audit: [], writes: settleWrites(scope, open) })
  const durable = durableOf(scope, hold, (progress) =>
    sealPaused(scope.tenantId, hold.traceId, { ...state, ...progress }),
  )
  const { kind, request, executionId, toolCallCount, risk } = state
  const shell = { kind, place: request.place, risk }
  const head = await headOf(scope, hold.traceId)
  return shellOf(scope, shell, { executionId, startedAt: dateOf(state.startedAt), head, spent, toolCallCount, durable })
}

const goOn = async (run: Run, prepared: Prepared, state: PausedState): Promise<void> => {
  const { question, tools, request, maxSteps } = prepared
  const { taskId } = state
  const size = { prompt: promptTokensOf(question), output: question.maxTokens }
  const first = run.meter.hold(uuidv7(run.scope.clock.now().getTime()), question.model, size)
  const work = { run, question, tools, maxSteps, taskId, isHeartbeat: request.isHeartbeat, sink: SILENT }
  const outcome = await worked(run, first, taskId, () => resumeLoop(work, state))
  // The server leaves, or the job's time is up: the run is not over, somebody else goes on with it.
  if (run.scope.signal.aborted) throw new Problem('shutting_down')
  await conclude(run, prepared, outcome)
}

// How the run ended is told where its caller looks for it; the job has done its part all the same.
const isEnded = (error: unknown): boolean =>
  isProblem(error) && error.code !== 'shutting_down' && error.code !== 'version_conflict'

const withHold = async (scope: Scope, hold: Hold, state: PausedState): Promise<Resumption> => {
  const stop = keepHeld(scope, hold)
  let run: Run | null = null
  try {
    const resumed = scopeOf(scope, hold.traceId, state)
    const prepared = await prepareResume(resumed, state)
    run = await reopened(resumed, hold, state)
    await goOn(run, prepared, state)
    return 'done'
  } catch (error) {
    const isOver = (await scope.rows(findPaused, { id: hold.traceId })).length === 0
    if (isOver && isEnded(error)) return 'done'
    await scope.command({ audit: [], writes: [freeWrite(hold)] })
    throw error
  } finally {
    stop()
    run?.end()
  }
}

const UNREADABLE = { code: 'not_resumable', message: 'What was kept of the run cannot be read any more.' }
const TOO_OFTEN = { code: 'interrupted', message: 'The servers that went on with it stopped before it ended.' }

/**
 * Goes on with a run once everything that it waits for is decided, in whatever process. What an approval allows is
 * consumed before it is done, and done under a key that names the decision: a backend that honours keys does it once.
 */
export const resumeRun = async (scope: Scope, traceId: string, by: string): Promise<Resumption> => {
  const [row] = await scope.rows(findPaused, { id: traceId })
  if (!row) return 'gone'
  const state = openPaused(scope.tenantId, traceId, row['state'])
  const hold = { traceId, by }
  if (state === null) return endPaused(scope, hold, { status: 'error', failure: UNREADABLE })
  if (!(await isDecided(scope, traceId, state))) return 'waiting'
  if (Number(row['attempts']) >= MOST_ATTEMPTS)
    return endPaused(scope, hold, { status: 'error', failure: TOO_OFTEN, state })
  if (!(await take(scope, hold))) return (await scope.rows(findPaused, { id: traceId })).length === 0 ? 'gone' : 'busy'
  // What was kept may have moved on between the look and the hold.
  const [taken] = await scope.rows(findPaused, { id: traceId })
  const fresh = openPaused(scope.tenantId, traceId, taken?.['state']) ?? state
  return withHold(scope, hold, fresh)
}
