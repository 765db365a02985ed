import type { SpanKind } from '@/lib/tracing'
import type { Attributes } from '../any-value'
import { below, hasPrefix, indexed, type Reader, textOf, wordIn } from '../claim'
import { asRecord, unpacked } from '../json-text'
import { type Said, saidFrom, saidMessages } from '../message-list'

const KIND = 'traceloop.span.kind'

const KINDS: Readonly<Record<string, SpanKind>> = { workflow: 'workflow', task: 'task', agent: 'agent', tool: 'tool' }

export const traceloopKind: Reader<SpanKind> = ({ attributes }) => {
  const kind = wordIn(KINDS, textOf(attributes[KIND]))
  return kind === undefined ? null : { value: kind, by: KIND }
}

const REQUEST = 'llm.request.type'
const REQUESTS: Readonly<Record<string, SpanKind>> = {
  chat: 'inference',
  completion: 'inference',
  embedding: 'embedding',
  rerank: 'rerank',
}

export const traceloopRequest: Reader<SpanKind> = ({ attributes }) => {
  const kind = wordIn(REQUESTS, textOf(attributes[REQUEST]))
  return kind === undefined ? null : { value: kind, by: REQUEST }
}

const callOf = (flat: Attributes): object => ({ id: flat['id'], name: flat['name'], arguments: flat['arguments'] })

const messageOf =
  (fallback: string) =>
  (flat: Attributes): object => ({
    role: flat['role'] ?? fallback,
    content: flat['content'],
    tool_calls: indexed(flat, 'tool_calls').map(callOf),
    tool_call_id: flat['tool_call_id'],
    finish_reason: flat['finish_reason'],
  })

const flattened =
  (prefix: 'gen_ai.prompt' | 'gen_ai.completion', role: string): Reader<Said> =>
  ({ attributes }) => {
    if (!hasPrefix(attributes, `${prefix}.`)) return null
    const said = saidMessages(indexed(attributes, prefix).map(messageOf(role)))
    return said === null ? null : { value: said, by: `${prefix}.N.*` }
  }

export const traceloopSaidIn = flattened('gen_ai.prompt', 'user')
export const traceloopSaidOut = flattened('gen_ai.completion', 'assistant')

// A decorated function is called with arguments; one alone stands for itself.
const called = (value: unknown): unknown => {
  const plain = unpacked(value)
  const record = asRecord(plain)
  if (record === null || !Array.isArray(record['args'])) return plain
  const { args, kwargs } = record
  const hasNames = asRecord(kwargs) !== null && Object.keys(asRecord(kwargs) ?? {}).length > 0
  return args.length === 1 && !hasNames ? (args as unknown[])[0] : plain
}

const entity =
  (side: 'input' | 'output'): Reader<unknown> =>
  ({ attributes }) => {
    const key = `traceloop.entity.${side}`
    const value = attributes[key]
    return value === undefined || value === '' ? null : { value: called(value), by: key }
  }

export const entityInput = entity('input')
export const entityOutput = entity('output')

const said =
  (read: Reader<unknown>): Reader<Said> =>
  (span) => {
    const claim = read(span)
    return claim === null ? null : { ...claim, value: saidFrom(claim.value) }
  }

export const entitySaidIn = said(entityInput)
export const entitySaidOut = said(entityOutput)

const PROPERTIES = 'traceloop.association.properties.'

export const traceloopMetadata: Reader<Readonly<Record<string, unknown>>> = ({ attributes }) => {
  const value = below(attributes, PROPERTIES)
  return Object.keys(value).length === 0 ? null : { value, by: `${PROPERTIES}*` }
}

export const traceloopTools: Reader<readonly unknown[]> = ({ attributes }) => {
  const tools = indexed(attributes, 'llm.request.functions').map((flat) => ({
    ...flat,
    parameters: unpacked(flat['parameters'] ?? null),
  }))
  return tools.length === 0 ? null : { value: tools, by: 'llm.request.functions.*' }
}

const NAMED = /\.(workflow|agent|tool|task)$/

// The names that its decorators give, where nothing else says what a span is.
export const traceloopName: Reader<SpanKind> = ({ name, scope }) => {
  const kind = scope.name.includes('traceloop') ? KINDS[NAMED.exec(name)?.[1] ?? ''] : undefined
  return kind === undefined ? null : { value: kind, by: 'name' }
}
