import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { decisionWrites, type NewDecision, pendingAudits, roleFor, waitsUntil } from '@/lib/governance'
import { pauseWrites } from '@/lib/tracing'
import { askBackendWrite } from './ask-backend'
import type { RunReply } from './contract'
import type { Pause } from './loop'
import { putPaused } from './pause-sql'
import { keptRun, type PausedState, sealPaused } from './paused-state'
import type { Prepared } from './prepare'
import { replyOf } from './reply'
import type { Run } from './run'
import type { Result } from './work'

type Paused = Extract<Result, { stopReason: 'approval_required' }>

// A run that nobody takes up though all is decided is looked after for as long again.
const GRACE_MS = 3_600_000

const stateOf = (run: Run, prepared: Prepared, taskId: string | null, { state, half }: Pause): PausedState => ({
  ...keptRun(run.scope, prepared, {
    kind: run.kind,
    executionId: run.executionId,
    startedAt: run.startedAt.toISOString(),
    taskId,
  }),
  loop: state,
  half,
  keys: prepared.tools.keysUsed(),
  toolCallCount: run.toolCallCount,
})

export const putWrite = (scope: Scope, traceId: string, state: PausedState, until: Date): CommandWrite => ({
  statement: putPaused,
  rows: [
    {
      trace: traceId,
      state: sealPaused(scope.tenantId, traceId, state),
      at: storedTime(scope.clock.now()),
      until: storedTime(dateOf(until.getTime() + GRACE_MS)),
    },
  ],
})

const noteWaiting = (run: Run, { waiting }: Pause): void => {
  for (const { judgement, decision } of waiting)
    run.chain.add('decision', run.scope.clock.now(), 0, {
      decision_id: decision.id,
      status: 'pending',
      tool_name: judgement.tool,
      tool_call_id: judgement.call.id,
      explanation: decision.verdict.explanation,
      matched_policies: decision.verdict.matchedPolicies,
      required_role: roleFor(decision),
      action_hash: decision.actionHash,
    })
}

const replyFor = (run: Run, prepared: Prepared, taskId: string | null, paused: Paused): RunReply => {
  const waiting = paused.pause.waiting.map(({ decision }) => decision)
  const [first] = waiting
  const reply = replyOf(run, {
    model: paused.model,
    text: paused.text,
    taskId,
    stopReason: 'approval_required',
    isSuppressed: false,
    delivery: 'none',
    ...(prepared.contextWarning === undefined ? {} : { contextWarning: prepared.contextWarning }),
  })
  return {
    ...reply,
    status: 'pending_approval',
    ...(first ? { decision_id: first.id, required_role: roleFor(first) } : {}),
    decision_ids: waiting.map(({ id }) => id),
    expires_at: waitsUntil(run.scope.clock.now()).toISOString(),
  }
}

const ACCEPTED = 202

const answerWrites = (run: Run, reply: RunReply): CommandWrite[] => {
  const { once } = run.scope
  return once ? [once.write(ACCEPTED, reply)] : []
}

const closed = (run: Run, { pause }: Paused, taskId: string | null, until: Date): CommandWrite[] => {
  const { usage, cost, isEstimated } = run.meter.totals()
  noteWaiting(run, pause)
  return pauseWrites({
    ...{ id: run.traceId, stopReason: 'approval_required', until, usage, cost, isEstimated, taskId },
    ...{ stepCount: run.chain.count(), toolCallCount: run.toolCallCount, lastStepHash: run.chain.lastHash() },
  })
}

/** One commit: the decisions that wait, all that is needed to go on, and the run that stands still. Nothing is held. */
export const pauseRun = async (
  run: Run,
  prepared: Prepared,
  taskId: string | null,
  paused: Paused,
): Promise<RunReply> => {
  const { scope, traceId } = run
  const drafts: NewDecision[] = paused.pause.waiting.map(({ decision }) => decision)
  const until = waitsUntil(scope.clock.now())
  const reply = replyFor(run, prepared, taskId, paused)
  run.meter.dropHolds()
  run.tell(pendingAudits(drafts))
  const writes = closed(run, paused, taskId, until)
  const state = stateOf(run, prepared, taskId, paused.pause)
  const asking = drafts.map(({ id }) => askBackendWrite(scope, id))
  await run.flush(
    [],
    [
      ...writes,
      ...decisionWrites(scope, drafts),
      putWrite(scope, traceId, state, until),
      ...asking,
      ...answerWrites(run, reply),
    ],
  )
  run.end()
  kernel().log.info('run waits for an approval', { tenantId: scope.tenantId, traceId })
  return reply
}
