import type { SpanKind } from '@/lib/tracing'
import { hasPrefix, type Reader, textOf, wordIn } from '../claim'
import { unpacked } from '../json-text'
import { type Said, saidFrom, systemText } from '../message-list'
import { nanoOfUsd, numberOf, tokensOf } from '../number'
import { saysAnything, type UsageSaid } from '../usage'

// The conventions of OpenTelemetry in three generations; what each calls a thing stands beside the others.
const OPERATION = 'gen_ai.operation.name'

const KINDS: Readonly<Record<string, SpanKind>> = {
  chat: 'inference',
  text_completion: 'inference',
  generate_content: 'inference',
  embeddings: 'embedding',
  retrieval: 'retrieval',
  execute_tool: 'tool',
  invoke_agent: 'agent',
  create_agent: 'agent',
  invoke_workflow: 'workflow',
  plan: 'plan',
  create_memory: 'memory',
  update_memory: 'memory',
  upsert_memory: 'memory',
  delete_memory: 'memory',
  search_memory: 'memory',
  create_memory_store: 'memory',
  delete_memory_store: 'memory',
  agent_step: 'step',
  rerank: 'rerank',
  decide: 'plan',
}

const SKILL = 'gen_ai.skill.name'

export const genAiKind: Reader<SpanKind> = ({ attributes }) => {
  const operation = textOf(attributes[OPERATION])
  const kind = wordIn(KINDS, operation)
  const isSkill = textOf(attributes[SKILL]) !== null && (kind === 'tool' || operation === null)
  if (isSkill) return { value: 'skill', by: SKILL }
  return kind === undefined ? null : { value: kind, by: OPERATION }
}

// An operation that nobody knows is a step, and no reason to refuse it.
export const genAiAnything: Reader<SpanKind> = ({ attributes }) =>
  textOf(attributes[OPERATION]) === null ? null : { value: 'step', by: OPERATION }

export const genAiTool: Reader<SpanKind> = ({ attributes }) => {
  const key = ['gen_ai.tool.name', 'gen_ai.tool.call.id'].find((name) => textOf(attributes[name]) !== null)
  return key === undefined ? null : { value: 'tool', by: key }
}

const said =
  (...keys: string[]): Reader<Said> =>
  ({ attributes }) => {
    const key = keys.find((name) => attributes[name] !== undefined && attributes[name] !== '')
    return key === undefined ? null : { value: saidFrom(attributes[key]), by: key }
  }

export const genAiSaidIn = said('gen_ai.input.messages')
export const genAiSaidOut = said('gen_ai.output.messages')
export const oldestSaidIn = said('gen_ai.prompt')
export const oldestSaidOut = said('gen_ai.completion')
export const retrievalSaidIn = said('gen_ai.retrieval.query.text')
export const retrievalSaidOut = said('gen_ai.retrieval.documents')

export const genAiSystem: Reader<string> = ({ attributes }) => {
  const value = systemText(attributes['gen_ai.system_instructions'])
  return value === null ? null : { value, by: 'gen_ai.system_instructions' }
}

const USAGE = 'gen_ai.usage'

export const genAiUsage: Reader<UsageSaid> = ({ attributes }) => {
  if (!hasPrefix(attributes, `${USAGE}.`) && !hasPrefix(attributes, 'llm.usage.')) return null
  const tokens = (...names: string[]): number | null =>
    names.map((name) => tokensOf(attributes[name])).find((value) => value !== null) ?? null
  const said: UsageSaid = {
    style: 'inclusive',
    input: tokens(`${USAGE}.input_tokens`, `${USAGE}.prompt_tokens`, 'llm.usage.prompt_tokens'),
    output: tokens(`${USAGE}.output_tokens`, `${USAGE}.completion_tokens`, 'llm.usage.completion_tokens'),
    cacheRead: tokens(`${USAGE}.cache_read.input_tokens`, `${USAGE}.cache_read_input_tokens`),
    cacheWrite: tokens(
      `${USAGE}.cache_write.input_tokens`,
      `${USAGE}.cache_creation.input_tokens`,
      `${USAGE}.cache_creation_input_tokens`,
    ),
    reasoning: tokens(`${USAGE}.reasoning.output_tokens`, `${USAGE}.reasoning_tokens`, 'llm.usage.reasoning_tokens'),
    audioIn: tokens(`${USAGE}.audio.input_tokens`),
    audioOut: tokens(`${USAGE}.audio.output_tokens`),
    total: tokens(`${USAGE}.total_tokens`, 'llm.usage.total_tokens'),
  }
  return saysAnything(said) ? { value: said, by: `${USAGE}.*` } : null
}

export const genAiCost: Reader<bigint> = ({ attributes }) => {
  const nano = nanoOfUsd(attributes[`${USAGE}.cost`])
  return nano === null ? null : { value: nano, by: `${USAGE}.cost` }
}

const PARAMS = [
  ...['temperature', 'top_p', 'top_k', 'max_tokens', 'frequency_penalty', 'presence_penalty', 'seed'],
  ...['stop_sequences', 'choice.count', 'stream', 'encoding_formats'],
]

const OTHER_PARAMS: Readonly<Record<string, string>> = {
  'gen_ai.output.type': 'output_type',
  'gen_ai.embeddings.dimension.count': 'dimensions',
  'gen_ai.retrieval.top_k': 'top_k',
  'gen_ai.data_source.id': 'data_source',
  'server.address': 'server_address',
  'server.port': 'server_port',
}

export const genAiParams: Reader<Readonly<Record<string, unknown>>> = ({ attributes }) => {
  const pairs = [
    ...PARAMS.map((name) => [`gen_ai.request.${name}`, name.replace('.', '_')] as const),
    ...Object.entries(OTHER_PARAMS),
  ].filter(([key]) => attributes[key] !== undefined && attributes[key] !== null)
  if (pairs.length === 0) return null
  return { value: Object.fromEntries(pairs.map(([key, name]) => [name, attributes[key]])), by: 'gen_ai.request.*' }
}

export const genAiTools: Reader<readonly unknown[]> = ({ attributes }) => {
  const tools = unpacked(attributes['gen_ai.tool.definitions'])
  return Array.isArray(tools) ? { value: tools.map(unpacked), by: 'gen_ai.tool.definitions' } : null
}

const SECOND_NS = 1_000_000_000

export const genAiFirstToken: Reader<bigint> = ({ attributes, startNs }) => {
  const key = 'gen_ai.response.time_to_first_chunk'
  const seconds = numberOf(attributes[key])
  const isSane = seconds !== null && seconds >= 0 && seconds < 1_000_000
  return isSane ? { value: startNs + BigInt(Math.round(seconds * SECOND_NS)), by: key } : null
}
