import type { SpanPart } from '@/lib/tracing'
import { textOf } from './claim'
import { asRecord, unpacked } from './json-text'

type Json = Readonly<Record<string, unknown>>

const given = (record: Json, ...keys: string[]): unknown =>
  keys.map((key) => record[key]).find((value) => value !== undefined && value !== null)

// AI SDK wraps what a tool gave back in the kind of what it is.
const unwrapped = (value: unknown): unknown => {
  const record = asRecord(value)
  const isWrapped = record !== null && typeof record['type'] === 'string' && 'value' in record
  return isWrapped ? record['value'] : value
}

export const toolCall = (record: Json): SpanPart => {
  const inner = asRecord(record['function']) ?? asRecord(record['functionCall']) ?? record
  return {
    type: 'tool_call',
    id: textOf(given(record, 'id', 'toolCallId', 'tool_call_id', 'call_id')),
    name: textOf(given(inner, 'name', 'toolName')) ?? '',
    arguments: unpacked(given(inner, 'arguments', 'args', 'input') ?? null),
  }
}

export const toolResponse = (record: Json): SpanPart => ({
  type: 'tool_call_response',
  id: textOf(given(record, 'id', 'toolCallId', 'tool_call_id', 'tool_use_id', 'call_id')),
  response: unpacked(unwrapped(given(record, 'response', 'result', 'output', 'content') ?? null)),
})

const spoken = (type: 'text' | 'reasoning', record: Json): SpanPart => {
  const content = given(record, 'content', 'text', 'thinking', 'reasoning')
  return typeof content === 'string' ? { type, content } : { type: 'other', value: record }
}

const PARTS: Readonly<Record<string, (record: Json) => SpanPart>> = {
  text: (record) => spoken('text', record),
  input_text: (record) => spoken('text', record),
  output_text: (record) => spoken('text', record),
  reasoning: (record) => spoken('reasoning', record),
  thinking: (record) => spoken('reasoning', record),
  tool_call: toolCall,
  'tool-call': toolCall,
  tool_use: toolCall,
  function_call: toolCall,
  tool_call_response: toolResponse,
  'tool-result': toolResponse,
  tool_result: toolResponse,
  function_call_output: toolResponse,
}

// A part of a message in any of the forms that are about; one that nobody knows is kept as it is.
export const partOf = (item: unknown): SpanPart => {
  if (typeof item === 'string') return { type: 'text', content: item }
  const record = asRecord(item)
  if (record === null) return { type: 'other', value: item }
  const { type } = record
  if (typeof type === 'string' && Object.hasOwn(PARTS, type))
    return PARTS[type]?.(record) ?? { type: 'other', value: item }
  if (type === undefined && typeof record['text'] === 'string') return { type: 'text', content: record['text'] }
  if (type === undefined && asRecord(record['functionCall'])) return toolCall(record)
  return { type: 'other', value: item }
}
