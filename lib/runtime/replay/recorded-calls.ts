import { z } from 'zod'
import type { ToolCall } from '@/lib/shared/chat'
import type { ToolOutcome } from '@/lib/tools'
import type { RecordedStep } from '@/lib/tracing'

const Call = z.object({ id: z.string(), name: z.string(), arguments: z.record(z.string(), z.unknown()) })

const AttemptData = z.looseObject({
  model: z.string(),
  provider: z.string(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cache_read_tokens: z.number().default(0),
  cache_write_tokens: z.number().default(0),
  input_messages: z.number().int(),
  tools_offered: z.number().int(),
  has_tool_calls: z.boolean(),
  attempt: z.number().int(),
  attempt_id: z.string(),
  outcome: z.string(),
  billable: z.enum(['metered', 'estimated', 'none']),
  usage_estimated: z.boolean().default(false),
  finish_reason: z.enum(['stop', 'length', 'tool_calls']).optional(),
  retry_of: z.string().optional(),
  fallback: z.boolean().default(false),
  status: z.number().optional(),
  reason: z.string().optional(),
  text: z.string().default(''),
  tool_calls: z.array(Call).default([]),
})
export type RecordedAttempt = z.output<typeof AttemptData> & { seq: number; durationMs: number }

// One question to the model: its attempts, and what it said in the end.
export type RecordedCall = {
  seq: number
  attempts: readonly RecordedAttempt[]
  isAnswered: boolean
  text: string
  toolCalls: readonly ToolCall[]
}

export type RecordedTool = { id: string; name: string; arguments: Record<string, unknown>; outcome: ToolOutcome }

const attemptsIn = (steps: readonly RecordedStep[]): RecordedAttempt[] =>
  steps.flatMap(({ type, seq, durationMs, data }) =>
    type === 'llm_call' ? [{ ...AttemptData.parse(data), seq, durationMs }] : [],
  )

const callOf = (attempts: readonly RecordedAttempt[]): RecordedCall[] => {
  const [first, last] = [attempts[0], attempts.at(-1)]
  if (!first || !last) return []
  const isAnswered = last.outcome === 'ok'
  return [{ seq: first.seq, attempts, isAnswered, text: last.text, toolCalls: last.tool_calls }]
}

// Attempts are numbered anew with each question. Throws where a record is older than its answers.
export const callsIn = (steps: readonly RecordedStep[]): RecordedCall[] => {
  const attempts = attemptsIn(steps)
  if (attempts.some(({ has_tool_calls: has, tool_calls: calls }) => has && calls.length === 0))
    throw new Error('The answers are not recorded')
  const starts = attempts.flatMap(({ attempt }, at) => (attempt === 1 ? [at] : []))
  return starts.flatMap((from, at) => callOf(attempts.slice(from, starts[at + 1])))
}

const Asked = z.looseObject({
  tool_call_id: z.string(),
  tool_name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  permitted: z.boolean(),
  permission_reason: z.string().optional(),
  decision: z.custom<ToolOutcome['decision']>().optional(),
})

const Told = z.looseObject({ tool_call_id: z.string(), result: z.string().optional(), error: z.string().optional() })

const reasonOf = (text: string | undefined): Pick<ToolOutcome, 'reason'> => {
  if (text === undefined) return {}
  const at = text.indexOf(': ')
  return { reason: { layer: text.slice(0, at), reason: text.slice(at + 2) } }
}

const toolOf = (asked: z.output<typeof Asked>, told: z.output<typeof Told>, durationMs: number): RecordedTool => ({
  id: asked.tool_call_id,
  name: asked.tool_name,
  arguments: asked.arguments,
  outcome: {
    content: told.error ?? told.result ?? '',
    isError: told.error !== undefined,
    permitted: asked.permitted,
    ...reasonOf(asked.permission_reason),
    durationMs,
    ...(asked.decision === undefined ? {} : { decision: asked.decision }),
    tool: asked.tool_name,
  },
})

// A call and what came of it are written side by side.
export const toolsIn = (steps: readonly RecordedStep[]): RecordedTool[] =>
  steps.flatMap((step, at) => {
    const next = steps[at + 1]
    if (step.type !== 'tool_call' || next?.type !== 'tool_result') return []
    return [toolOf(Asked.parse(step.data), Told.parse(next.data), next.durationMs)]
  })
