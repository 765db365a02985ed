import type { ChatMessage } from '@/lib/shared/chat'
import { RESPOND_TOOL } from '../loop'
import type { Expected } from './compare-call'
import type { RecordedCall, RecordedTool } from './recorded-calls'
import type { AgentRun, RecordedRun, SingleRun } from './recorded-run'

const user = (content: string): ChatMessage => ({ role: 'user', content })

const answerOf = ({ text, toolCalls }: RecordedCall): ChatMessage => ({
  role: 'assistant',
  content: text,
  ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
})

const told = (call: RecordedCall, results: readonly RecordedTool[]): ChatMessage[] =>
  call.toolCalls.map(({ id, name }, at) => ({
    role: 'tool',
    tool_call_id: id,
    name,
    content: results[at]?.outcome.content ?? '',
    is_error: results[at]?.outcome.isError ?? false,
  }))

// What had been said before each question: derived from the answers and results, not from this release's loop.
const conversation = ({ inputs, calls, tools }: AgentRun, upTo: number): ChatMessage[] => {
  const messages: ChatMessage[] = [...inputs.messages, user(inputs.message)]
  let used = 0
  for (const call of calls.slice(0, upTo)) {
    messages.push(answerOf(call), ...told(call, tools.slice(used, used + call.toolCalls.length)))
    used += call.toolCalls.length
  }
  return messages
}

export const isHeartbeat = ({ inputs: { metadata } }: AgentRun): boolean =>
  metadata['type'] === 'mc.heartbeat' || metadata['heartbeat'] === true

const ofAgent = (run: AgentRun, at: number) => ({
  messages: conversation(run, at),
  tools: [...run.inputs.tools, ...(isHeartbeat(run) ? [RESPOND_TOOL] : [])],
})

// Its second question, if any, names the faults of the first answer: words of this release.
const ofSingle = ({ inputs, calls }: SingleRun, at: number) => ({
  messages: [user(inputs.message), ...calls.slice(0, at).map(answerOf)],
  tools: [],
})

/** The question that the record holds at this place; null past its end. */
export const questionAt = (run: RecordedRun, at: number): Expected | null => {
  const call = run.calls[at]
  if (!call) return null
  const { model, temperature, max_tokens: maxTokens, system_prompt: system } = run.inputs
  const rest = run.kind === 'agent' ? ofAgent(run, at) : ofSingle(run, at)
  return { cleaner: run.cleaner, call, model, temperature, maxTokens, system, ...rest }
}
