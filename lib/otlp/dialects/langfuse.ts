import type { SpanKind } from '@/lib/tracing'
import { below, hasPrefix, type Reader, textOf, wordIn } from '../claim'
import { asRecord, unpacked } from '../json-text'
import { type Said, saidFrom } from '../message-list'
import { nanoOfUsd, tokensOf } from '../number'
import { NOTHING_SAID, type UsageSaid } from '../usage'

const TYPE = 'langfuse.observation.type'

const KINDS: Readonly<Record<string, SpanKind>> = {
  generation: 'inference',
  embedding: 'embedding',
  agent: 'agent',
  tool: 'tool',
  chain: 'workflow',
  retriever: 'retrieval',
  evaluator: 'evaluator',
  guardrail: 'guardrail',
}

export const langfuseKind: Reader<SpanKind> = ({ attributes }) => {
  const kind = wordIn(KINDS, textOf(attributes[TYPE]))
  return kind === undefined ? null : { value: kind, by: TYPE }
}

// `span` and `event` say no more than that there is something.
export const langfuseAnything: Reader<SpanKind> = ({ attributes }) =>
  attributes[TYPE] === undefined ? null : { value: 'step', by: TYPE }

const observed =
  (side: 'input' | 'output'): Reader<unknown> =>
  ({ attributes }) => {
    const value = attributes[`langfuse.observation.${side}`]
    return value === undefined || value === '' ? null : { value, by: `langfuse.observation.${side}` }
  }

export const langfuseInput = observed('input')
export const langfuseOutput = observed('output')

const said =
  (read: Reader<unknown>): Reader<Said> =>
  (span) => {
    const claim = read(span)
    return claim === null ? null : { ...claim, value: saidFrom(claim.value) }
  }

export const langfuseSaidIn = said(langfuseInput)
export const langfuseSaidOut = said(langfuseOutput)

const DETAILS = 'langfuse.observation.usage_details'

type Json = Readonly<Record<string, unknown>>

const pick = (details: Json, ...names: string[]): number | null =>
  names.map((name) => tokensOf(details[name])).find((value) => value !== null) ?? null

// Answers of OpenAI that were handed on as they came count their parts within the whole.
const inclusive = (details: Json): UsageSaid => {
  const input = asRecord(details['prompt_tokens_details']) ?? asRecord(details['input_tokens_details']) ?? {}
  const output = asRecord(details['completion_tokens_details']) ?? asRecord(details['output_tokens_details']) ?? {}
  return {
    style: 'inclusive',
    input: pick(details, 'prompt_tokens', 'input_tokens', 'promptTokens'),
    output: pick(details, 'completion_tokens', 'output_tokens', 'completionTokens'),
    cacheRead: pick(input, 'cached_tokens'),
    cacheWrite: null,
    reasoning: pick(output, 'reasoning_tokens'),
    audioIn: pick(input, 'audio_tokens'),
    audioOut: pick(output, 'audio_tokens'),
    total: pick(details, 'total_tokens', 'totalTokens', 'total'),
  }
}

const disjoint = (details: Json): UsageSaid => ({
  ...NOTHING_SAID,
  style: 'disjoint',
  input: pick(details, 'input'),
  output: pick(details, 'output'),
  cacheRead: pick(details, 'cache_read_input_tokens', 'input_cached_tokens', 'input_cache_read'),
  cacheWrite: pick(details, 'cache_creation_input_tokens', 'cache_write_input_tokens', 'input_cache_creation'),
  reasoning: pick(details, 'output_reasoning_tokens', 'output_reasoning'),
  audioIn: pick(details, 'input_audio_tokens', 'input_audio'),
  audioOut: pick(details, 'output_audio_tokens', 'output_audio'),
  total: pick(details, 'total'),
})

const OF_OPENAI = ['prompt_tokens', 'completion_tokens', 'promptTokens', 'completionTokens']

export const langfuseUsage: Reader<UsageSaid> = ({ attributes }) => {
  const details = asRecord(unpacked(attributes[DETAILS]))
  if (details === null) return null
  const isOpenAi = OF_OPENAI.some((name) => name in details)
  return { value: isOpenAi ? inclusive(details) : disjoint(details), by: DETAILS }
}

const COST = 'langfuse.observation.cost_details'

export const langfuseCost: Reader<bigint> = ({ attributes }) => {
  const details = asRecord(unpacked(attributes[COST]))
  if (details === null) return null
  const parts = Object.entries(details).filter(([name]) => name !== 'total')
  const nanos = parts.map(([, usd]) => nanoOfUsd(usd)).filter((nano) => nano !== null)
  const total = nanoOfUsd(details['total']) ?? (nanos.length > 0 ? nanos.reduce((sum, nano) => sum + nano, 0n) : null)
  return total === null ? null : { value: total, by: COST }
}

export const langfuseParams: Reader<Json> = ({ attributes }) => {
  const key = 'langfuse.observation.model.parameters'
  const params = asRecord(unpacked(attributes[key]))
  return params === null ? null : { value: params, by: key }
}

const whole = (value: unknown): Json => asRecord(unpacked(value)) ?? {}

export const langfuseMetadata: Reader<Json> = ({ attributes }) => {
  if (!hasPrefix(attributes, 'langfuse.')) return null
  const value = {
    ...whole(attributes['langfuse.trace.metadata']),
    ...below(attributes, 'langfuse.trace.metadata.'),
    ...whole(attributes['langfuse.observation.metadata']),
    ...below(attributes, 'langfuse.observation.metadata.'),
  }
  return Object.keys(value).length === 0 ? null : { value, by: 'langfuse.*.metadata.*' }
}

const MILLION = 1_000_000n

// A moment in ISO 8601; clients write it as JSON, quotes and all.
export const langfuseFirstToken: Reader<bigint> = ({ attributes }) => {
  const key = 'langfuse.observation.completion_start_time'
  const text = textOf(attributes[key])?.replaceAll('"', '')
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? null : { value: BigInt(at) * MILLION, by: key }
}

export const langfuseLevel: Reader<'error'> = ({ attributes }) =>
  attributes['langfuse.observation.level'] === 'ERROR' ? { value: 'error', by: 'langfuse.observation.level' } : null
