import type { ToolCall } from '@/lib/shared/chat'
import type { Toolbox, ToolOutcome } from '@/lib/tools'
import type { Run } from './run'
import type { Sink } from './sink'

const AT_ONCE = 8
const MOST_CALLS = 64

export type ToolRecord = { call: ToolCall; outcome: ToolOutcome }

const TOO_MANY: ToolOutcome = {
  content: `Not done: one answer may hold at most ${MOST_CALLS} tool calls.`,
  isError: true,
  permitted: false,
  reason: { layer: 'runtime', reason: 'too many calls at once' },
  durationMs: 0,
}

const WORD = /^[A-Za-z0-9_.:/@|-]{1,100}$/

// The audit log is read by people who may not read what models say; a name or an id with words in it is not told there.
const worded = (text: string, otherwise: string): string => (WORD.test(text) ? text : otherwise)

// A model may know a tool by another name than the tool has.
export const namesOf = ({ call, outcome }: ToolRecord): { name: string; alias?: string } => {
  const name = outcome.tool ?? call.name
  return name === call.name ? { name } : { name, alias: call.name }
}

// Where the record answers, nothing is asked of anybody. What is really read in a replay says that it is one.
const auditTool = (run: Run, row: Parameters<Run['audit']>[0]): void => {
  if (run.replay === null) run.audit(row)
  else if (run.replay.mode === 'live') run.audit({ ...row, data: { ...row.data, replay_of: run.replay.of } })
}

const auditOutcome = (run: Run, { call, outcome }: ToolRecord): void => {
  const about = {
    ...(outcome.answeredBy === undefined ? {} : { answered_by: outcome.answeredBy }),
    tool: worded(namesOf({ call, outcome }).name, '(not a tool name)'),
    tool_call_id: worded(call.id, '(not an id)'),
  }
  if (!outcome.permitted)
    auditTool(run, {
      event: 'tool_permission_denied',
      data: {
        ...about,
        layer: outcome.reason?.layer ?? 'unknown',
        reason: (outcome.reason?.reason ?? '').slice(0, 300),
      },
    })
  else
    auditTool(run, {
      event: outcome.isError ? 'tool_call_failed' : 'tool_call_succeeded',
      data: { ...about, duration_ms: Math.round(outcome.durationMs) },
    })
}

const note = (run: Run, { call, outcome }: ToolRecord, at: Date): void => {
  const { name, alias } = namesOf({ call, outcome })
  run.chain.add('tool_call', at, 0, {
    tool_call_id: call.id,
    tool_name: name,
    ...(alias === undefined ? {} : { alias }),
    arguments: call.arguments,
    permitted: outcome.permitted,
    ...(outcome.reason ? { permission_reason: `${outcome.reason.layer}: ${outcome.reason.reason}` } : {}),
    ...(outcome.decision ? { decision: outcome.decision } : {}),
  })
  run.chain.add('tool_result', run.scope.clock.now(), outcome.durationMs, {
    tool_call_id: call.id,
    tool_name: name,
    success: outcome.permitted && !outcome.isError,
    ...(outcome.isError ? { error: outcome.content } : { result: outcome.content }),
    ...(outcome.answeredBy === undefined ? {} : { answered_by: outcome.answeredBy }),
  })
  auditOutcome(run, { call, outcome })
}

// Nothing is executed that the log does not already name. The calls of one answer run side by side.
export const runTools = async (
  run: Run,
  tools: Toolbox,
  calls: readonly ToolCall[],
  taskId: string | null,
  sink: Sink,
): Promise<ToolRecord[]> => {
  run.toolCallCount += calls.length
  for (const call of calls)
    auditTool(run, {
      event: 'tool_call_requested',
      data: { tool: worded(call.name, '(not a tool name)'), tool_call_id: worded(call.id, '(not an id)') },
    })
  await run.flush()
  const at = run.scope.clock.now()
  const records: ToolRecord[] = []
  const one = async (call: ToolCall): Promise<ToolRecord> => {
    const outcome = await tools.call(call, {
      traceId: run.traceId,
      taskId,
      signal: run.signal,
      place: run.place,
      ...(run.riskLevel === null ? {} : { riskLevel: run.riskLevel }),
      onDecided: (permitted) => sink.toolCall({ id: call.id, name: call.name, permitted }),
    })
    await sink.toolResult({
      id: call.id,
      name: call.name,
      success: outcome.permitted && !outcome.isError,
      duration_ms: outcome.durationMs,
    })
    return { call, outcome }
  }
  const allowed = calls.slice(0, MOST_CALLS)
  for (let from = 0; from < allowed.length; from += AT_ONCE)
    records.push(...(await Promise.all(allowed.slice(from, from + AT_ONCE).map(one))))
  records.push(...calls.slice(MOST_CALLS).map((call) => ({ call, outcome: TOO_MANY })))
  for (const record of records) note(run, record, at)
  return records
}
