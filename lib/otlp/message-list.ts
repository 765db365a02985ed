import type { SpanMessage, SpanPart } from '@/lib/tracing'
import { textOf, wordIn } from './claim'
import { asRecord, isBroken, unpacked } from './json-text'
import { partOf, toolCall, toolResponse } from './message-part'

// What was said to a model or by it. Messages where it is a list of them, else the value itself.
export type Said = {
  system: string | null
  messages: readonly SpanMessage[]
  raw: unknown
  finish: readonly string[]
  flags: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

const ROLES: Readonly<Record<string, string>> = {
  model: 'assistant',
  human: 'user',
  ai: 'assistant',
  developer: 'system',
}

const roleOf = (record: Json): string | null => {
  const role = textOf(record['role'])?.toLowerCase() ?? null
  return role === null ? null : (wordIn(ROLES, role) ?? role)
}

const contentParts = (content: unknown): SpanPart[] => {
  const value = typeof content === 'string' && /^\s*\[\s*\{\s*"type"/.test(content) ? unpacked(content) : content
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value.map(partOf) : [partOf(value)]
}

const callParts = (calls: unknown): SpanPart[] => {
  const list = unpacked(calls)
  if (!Array.isArray(list)) return []
  return list.map((call: unknown) => {
    const record = asRecord(call)
    return record === null ? { type: 'other', value: call } : toolCall(record)
  })
}

const partsOf = (record: Json, role: string): SpanPart[] => {
  const isBareResult = role === 'tool' && !Array.isArray(record['parts']) && !Array.isArray(record['content'])
  if (isBareResult) return [toolResponse({ ...record, id: record['tool_call_id'] ?? record['id'] })]
  return [
    ...contentParts(record['parts'] ?? record['content']),
    ...callParts(record['tool_calls'] ?? record['toolCalls']),
  ]
}

const finishOf = (record: Json): string | null => textOf(record['finish_reason'] ?? record['finishReason'])

type Read = { message: SpanMessage; finish: string | null }

const messageOf = (item: unknown): Read | null => {
  const outer = asRecord(unpacked(item))
  if (outer === null) return null
  // A choice of an answer holds its message.
  const record = asRecord(unpacked(outer['message'])) ?? outer
  const role = roleOf(record)
  if (role === null) return null
  return { message: { role, parts: partsOf(record, role) }, finish: finishOf(outer) ?? finishOf(record) }
}

const textsIn = (parts: readonly SpanPart[]): string =>
  parts
    .map((part) => (part.type === 'text' || part.type === 'reasoning' ? part.content : JSON.stringify(part)))
    .join('\n')

const joined = (texts: readonly (string | null)[]): string | null => {
  const said = texts.filter((text) => text !== null && text !== '')
  return said.length === 0 ? null : said.join('\n')
}

// Instructions at the head of a list are the system's, however a client sends them.
const lifted = (reads: readonly Read[], system: string | null): Said => {
  const body = reads.findIndex(({ message }) => message.role !== 'system')
  const head = reads.slice(0, body < 0 ? reads.length : body)
  return {
    system: joined([system, ...head.map(({ message }) => textsIn(message.parts))]),
    messages: reads.slice(head.length).map(({ message }) => message),
    raw: null,
    finish: reads.flatMap(({ finish }) => (finish === null ? [] : [finish])),
    flags: [],
  }
}

const asMessages = (value: unknown): Read[] | null => {
  const list = Array.isArray(value) ? value : [value]
  const reads = list.map(messageOf)
  return reads.length > 0 && reads.every((read) => read !== null) ? reads : null
}

const rawSaid = (raw: unknown, flags: readonly string[]): Said => ({
  system: null,
  messages: [],
  raw,
  finish: [],
  flags,
})

export const systemText = (value: unknown): string | null => {
  const plain = unpacked(value)
  if (typeof plain === 'string') return plain === '' ? null : plain
  if (plain === undefined || plain === null) return null
  const items = Array.isArray(plain) ? plain : [plain]
  return joined(items.map((item: unknown) => textsIn(messageOf(item)?.message.parts ?? [partOf(item)])))
}

const within = (record: Json): unknown =>
  record['messages'] ?? (Array.isArray(record['input']) ? record['input'] : undefined) ?? record['choices']

const saidIn = (value: unknown): Said | null => {
  const direct = asMessages(value)
  if (direct !== null) return lifted(direct, null)
  const record = asRecord(value)
  const list = record === null ? null : asMessages(unpacked(within(record)) ?? null)
  return record === null || list === null ? null : lifted(list, systemText(record['system'] ?? record['instructions']))
}

/** Whatever form it has: a list of messages, one message, an object around a list, each also as JSON text. */
export const saidFrom = (value: unknown): Said => {
  if (isBroken(value)) return rawSaid(value, ['broken_json'])
  const plain = unpacked(value)
  return saidIn(plain) ?? rawSaid(plain, [])
}

export const saidMessages = (items: readonly unknown[]): Said | null => {
  const reads = items.map(messageOf).filter((read) => read !== null)
  return reads.length === 0 ? null : lifted(reads, null)
}
