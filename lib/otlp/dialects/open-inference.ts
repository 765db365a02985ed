import type { SpanKind } from '@/lib/tracing'
import type { Attributes } from '../any-value'
import { below, hasPrefix, indexed, type Reader, textOf, wordIn } from '../claim'
import { asRecord, unpacked } from '../json-text'
import { type Said, saidFrom, saidMessages } from '../message-list'
import { nanoOfUsd, tokensOf } from '../number'
import { saysAnything, type UsageSaid } from '../usage'

const KIND = 'openinference.span.kind'

const KINDS: Readonly<Record<string, SpanKind>> = {
  LLM: 'inference',
  EMBEDDING: 'embedding',
  CHAIN: 'workflow',
  RETRIEVER: 'retrieval',
  RERANKER: 'rerank',
  TOOL: 'tool',
  AGENT: 'agent',
  GUARDRAIL: 'guardrail',
  EVALUATOR: 'evaluator',
  PROMPT: 'prompt',
}

export const openInferenceKind: Reader<SpanKind> = ({ attributes }) => {
  const kind = wordIn(KINDS, textOf(attributes[KIND])?.toUpperCase() ?? null)
  return kind === undefined ? null : { value: kind, by: KIND }
}

const callOf = (flat: Attributes): object => ({
  id: flat['tool_call.id'],
  name: flat['tool_call.function.name'],
  arguments: flat['tool_call.function.arguments'],
})

const partOf = (flat: Attributes): unknown => {
  const content = below(flat, 'message_content.')
  return content['type'] === undefined || content['text'] !== undefined ? { type: 'text', ...content } : { ...content }
}

const messageOf = (flat: Attributes): object => {
  const contents = indexed(flat, 'message.contents')
  return {
    role: flat['message.role'],
    content: contents.length > 0 ? contents.map(partOf) : flat['message.content'],
    tool_calls: indexed(flat, 'message.tool_calls').map(callOf),
    tool_call_id: flat['message.tool_call_id'],
    finish_reason: flat['message.finish_reason'],
  }
}

const flattened =
  (prefix: 'llm.input_messages' | 'llm.output_messages'): Reader<Said> =>
  ({ attributes }) => {
    if (!hasPrefix(attributes, `${prefix}.`)) return null
    const said = saidMessages(indexed(attributes, prefix).map(messageOf))
    return said === null ? null : { value: said, by: `${prefix}.*` }
  }

export const openInferenceSaidIn = flattened('llm.input_messages')
export const openInferenceSaidOut = flattened('llm.output_messages')

const valued =
  (key: 'input.value' | 'output.value'): Reader<unknown> =>
  ({ attributes }) => {
    const value = attributes[key]
    return value === undefined || value === '' ? null : { value, by: key }
  }

export const inputValue = valued('input.value')
export const outputValue = valued('output.value')

export const inputValueSaid: Reader<Said> = (span) => {
  const claim = inputValue(span)
  return claim === null ? null : { ...claim, value: saidFrom(claim.value) }
}
export const outputValueSaid: Reader<Said> = (span) => {
  const claim = outputValue(span)
  return claim === null ? null : { ...claim, value: saidFrom(claim.value) }
}

export const openInferenceDocuments: Reader<Said> = ({ attributes }) => {
  const documents = indexed(attributes, 'retrieval.documents').map((flat) => ({ ...below(flat, 'document.') }))
  if (documents.length === 0) return null
  return { value: { system: null, messages: [], raw: documents, finish: [], flags: [] }, by: 'retrieval.documents.*' }
}

const COUNT = 'llm.token_count'

export const openInferenceUsage: Reader<UsageSaid> = ({ attributes }) => {
  if (!hasPrefix(attributes, `${COUNT}.`)) return null
  const tokens = (name: string) => tokensOf(attributes[`${COUNT}.${name}`])
  const said: UsageSaid = {
    style: 'inclusive',
    input: tokens('prompt'),
    output: tokens('completion'),
    cacheRead: tokens('prompt_details.cache_read'),
    cacheWrite: tokens('prompt_details.cache_write'),
    reasoning: tokens('completion_details.reasoning'),
    audioIn: tokens('prompt_details.audio'),
    audioOut: tokens('completion_details.audio'),
    total: tokens('total'),
  }
  return saysAnything(said) ? { value: said, by: `${COUNT}.*` } : null
}

export const openInferenceCost: Reader<bigint> = ({ attributes }) => {
  const [prompt, completion] = [nanoOfUsd(attributes['llm.cost.prompt']), nanoOfUsd(attributes['llm.cost.completion'])]
  const parts = prompt === null && completion === null ? null : (prompt ?? 0n) + (completion ?? 0n)
  const total = nanoOfUsd(attributes['llm.cost.total']) ?? parts
  return total === null ? null : { value: total, by: 'llm.cost.total' }
}

type Json = Readonly<Record<string, unknown>>

export const openInferenceParams: Reader<Json> = ({ attributes }) => {
  const value = asRecord(unpacked(attributes['llm.invocation_parameters']))
  return value === null ? null : { value, by: 'llm.invocation_parameters' }
}

export const openInferenceMetadata: Reader<Json> = ({ attributes }) => {
  const value = asRecord(unpacked(attributes['metadata']))
  return value === null ? null : { value, by: 'metadata' }
}

export const openInferenceTools: Reader<readonly unknown[]> = ({ attributes }) => {
  const tools = indexed(attributes, 'llm.tools').map((flat) => unpacked(flat['tool.json_schema'] ?? { ...flat }))
  return tools.length === 0 ? null : { value: tools, by: 'llm.tools.*' }
}
