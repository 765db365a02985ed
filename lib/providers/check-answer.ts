import type { ToolCall } from '@/lib/shared/chat'
import { isFiltered } from './classify-failure'
import { MOST_LEVELS } from './gather-arguments'
import { MOST_ARGUMENTS } from './held-arguments'
import type { FailureClass, Finish } from './model-ref'
import type { Ending, RawToolCall } from './upstream'

export type CheckedAnswer =
  | { ok: true; finish: Finish; toolCalls: readonly ToolCall[] }
  | { ok: false; outcome: FailureClass; reason: string }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Level by level, without recursion.
const isDeep = (value: unknown): boolean => {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

// The library completes what was cut; only the text as it came tells whether it was whole.
const argumentsOf = ({ text, arguments: given }: RawToolCall, finish: Finish): Record<string, unknown> | null => {
  if (text.length > MOST_ARGUMENTS) return null
  const value = text.trim() === '' ? (finish === 'length' ? null : given) : parsed(text)
  return isObject(value) && !isDeep(value) ? value : null
}

// OpenAI's ids are two in one; the first half pairs call and result.
const pairing = (id: string): string => id.split('|')[0] ?? id

const readCalls = (calls: readonly RawToolCall[], finish: Finish): ToolCall[] | string => {
  const read: ToolCall[] = []
  const seen = new Set<string>()
  for (const [at, call] of calls.entries()) {
    const id = call.id === '' ? `call_${at + 1}` : call.id
    if (call.name === '') return 'A tool call names no tool'
    if (seen.has(pairing(id))) return 'Two tool calls carry one id'
    const values = argumentsOf(call, finish)
    if (values === null) return `The arguments of ${call.name.slice(0, 80)} are no whole JSON object of a usual size`
    seen.add(pairing(id))
    read.push({ id, name: call.name, arguments: values })
  }
  return read
}

// Everything that a provider calls a success and that is none.
export const checkAnswer = (text: string, ending: Ending): CheckedAnswer => {
  if (isFiltered(ending.rawFinish))
    return { ok: false, outcome: 'content_filter', reason: `The provider ended the answer: ${ending.rawFinish}` }
  if (ending.rawFinish === null)
    return { ok: false, outcome: 'unmetered_cut', reason: 'The answer ended without a finish reason' }
  const calls = readCalls(ending.toolCalls, ending.finish)
  if (typeof calls === 'string') return { ok: false, outcome: 'invalid_tool_call', reason: calls }
  if (calls.length === 0 && text.trim() === '')
    return { ok: false, outcome: 'empty_response', reason: 'The model answered with no text and no tool call' }
  const finish = ending.finish === 'length' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'
  return { ok: true, finish, toolCalls: calls }
}
