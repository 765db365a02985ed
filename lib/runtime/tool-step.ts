import type { CommandWrite } from '@/lib/core/writer'
import type { ToolCall } from '@/lib/shared/chat'
import type { Judgement, Toolbox, ToolContext, ToolOutcome } from '@/lib/tools'
import { noteOutcome, noteRequested } from './note-tool'
import type { Half, KeptCall, ToolRecord } from './progress'
import type { Run } from './run'
import type { Sink } from './sink'
import { judgementWrites, type Waiting, waitingOf } from './waiting-calls'

const AT_ONCE = 8
const MOST_CALLS = 64

const TOO_MANY: ToolOutcome = {
  content: `Not done: one answer may hold at most ${MOST_CALLS} tool calls.`,
  isError: true,
  permitted: false,
  reason: { layer: 'runtime', reason: 'too many calls at once' },
  durationMs: 0,
}

// A call that is to be done: as it was judged, under its key, with the approval that was consumed for it.
export type Ready = Judgement & { isApproved?: boolean }

type Left = Pick<Half, 'records' | 'ready' | 'waiting'>

export type ToolStep = {
  records: ToolRecord[]
  // What a person has to decide before the run can go on.
  waiting: readonly Waiting[]
  half: Omit<Left, 'ready'>
}

export type Around = {
  run: Run
  tools: Toolbox
  taskId: string | null
  sink: Sink
  // What is to be kept before anything is done.
  begun(half: Left, keys: Readonly<Record<string, number>>): readonly CommandWrite[]
}

export const contextOf = ({ run, taskId }: Pick<Around, 'run' | 'taskId'>): ToolContext => ({
  traceId: run.traceId,
  taskId,
  signal: run.signal,
  place: run.place,
  ...(run.riskLevel === null ? {} : { riskLevel: run.riskLevel }),
  // What the run has cost so far.
  estimatedCost: run.meter.totals().cost,
})

const inTurn = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  for (let from = 0; from < items.length; from += AT_ONCE)
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))))
  return results
}

// Where the record or a mock answers, nothing is done that anybody would have to approve.
const isOnRecord = ({ replay, rehearsal }: Run): boolean =>
  rehearsal === 'mocked' || (replay !== null && replay.mode !== 'live')

type Doing = Omit<Around, 'begun'>

const performOne = async ({ run, tools, taskId, sink }: Doing, ready: Ready): Promise<ToolRecord> => {
  const { call } = ready
  const told = (permitted: boolean) => sink.toolCall({ id: call.id, name: call.name, permitted })
  const context = { ...contextOf({ run, taskId }), onDecided: told }
  const outcome = await tools.perform(ready, context, ready.isApproved ?? isOnRecord(run))
  await sink.toolResult({
    id: call.id,
    name: call.name,
    success: outcome.permitted && !outcome.isError,
    duration_ms: outcome.durationMs,
  })
  return { call, outcome }
}

/** The calls of one answer run side by side. */
export const performAll = async (around: Doing, ready: readonly Ready[]): Promise<ToolRecord[]> => {
  const at = around.run.scope.clock.now()
  const records = await inTurn(ready, (one) => performOne(around, one))
  for (const record of records) noteOutcome(around.run, record, at)
  return records
}

export const inOrder = (calls: readonly ToolCall[], records: readonly ToolRecord[]): ToolRecord[] => {
  const place = new Map(calls.map((call, at) => [call.id, at]))
  return [...records].sort((a, b) => (place.get(a.call.id) ?? 0) - (place.get(b.call.id) ?? 0))
}

const keptOf = ({ call, tool, key }: Judgement): KeptCall => ({ call, tool, key })

const keptWaiting = ({ judgement, decision }: Waiting): KeptCall => ({ ...keptOf(judgement), decisionId: decision.id })

const tooMany = (run: Run, calls: readonly ToolCall[]): ToolRecord[] => {
  const records = calls.slice(MOST_CALLS).map((call) => ({ call, outcome: TOO_MANY }))
  for (const record of records) noteOutcome(run, record, run.scope.clock.now())
  return records
}

/**
 * Nothing is executed that the log does not already name, with the decision about it. Calls that need an approval are
 * left for a person while the others are done.
 */
export const runTools = async (around: Around, calls: readonly ToolCall[]): Promise<ToolStep> => {
  const { run, tools } = around
  run.toolCallCount += calls.length
  for (const call of calls) noteRequested(run, call)
  const context = contextOf(around)
  const judged = await inTurn(calls.slice(0, MOST_CALLS), (call) => tools.judge(call, context))
  const isReal = run.replay === null && run.rehearsal === null
  const held = isReal ? judged.filter(({ needsApproval }) => needsApproval) : []
  const ready = judged.filter((one) => !held.includes(one))
  const waiting = held.map((one) => waitingOf(run, one))
  const left = { records: [], ready: ready.map(keptOf), waiting: waiting.map(keptWaiting) }
  await run.flush([], [...judgementWrites(run, ready), ...around.begun(left, tools.keysUsed())])
  const records = inOrder(calls, [...(await performAll(around, ready)), ...tooMany(run, calls)])
  return { records, waiting, half: { records, waiting: left.waiting } }
}
