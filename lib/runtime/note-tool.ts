import type { ToolCall } from '@/lib/shared/chat'
import type { ToolRecord } from './progress'
import type { Run } from './run'

const WORD = /^[A-Za-z0-9_.:/@|-]{1,100}$/

// The audit log is read by people who may not read what models say; a name or an id with words in it is not told there.
export const worded = (text: string, otherwise: string): string => (WORD.test(text) ? text : otherwise)

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

export const noteRequested = (run: Run, call: ToolCall): void =>
  auditTool(run, {
    event: 'tool_call_requested',
    data: { tool: worded(call.name, '(not a tool name)'), tool_call_id: worded(call.id, '(not an id)') },
  })

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

/** A call and what came of it, side by side in the record of the run. */
export const noteOutcome = (run: Run, { call, outcome }: ToolRecord, at: Date): void => {
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
