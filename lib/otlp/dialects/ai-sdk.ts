import type { SpanKind } from '@/lib/tracing'
import { below, hasPrefix, type Reader, textOf, wordIn } from '../claim'
import { asRecord, unpacked } from '../json-text'
import { type Said, saidFrom, saidMessages } from '../message-list'
import { numberOf, tokensOf } from '../number'
import { saysAnything, type UsageSaid } from '../usage'

const OPERATION = 'ai.operationId'

// The inner call speaks with the model; the one around it only sums up.
const INNER: readonly (readonly [RegExp, SpanKind])[] = [
  [/\.do(?:Generate|Stream)$/, 'inference'],
  [/\.doEmbed$/, 'embedding'],
  [/\.doRerank$/, 'rerank'],
]

export const aiSdkKind: Reader<SpanKind> = ({ attributes }) => {
  const operation = textOf(attributes[OPERATION])
  if (operation === null) return textOf(attributes['ai.toolCall.name']) ? { value: 'tool', by: 'ai.toolCall' } : null
  if (operation === 'ai.toolCall') return { value: 'tool', by: 'ai.toolCall' }
  const kind = INNER.find(([pattern]) => pattern.test(operation))?.[1]
  if (kind !== undefined) return { value: kind, by: OPERATION }
  return operation.startsWith('ai.') ? { value: 'workflow', by: OPERATION } : null
}

type Json = Readonly<Record<string, unknown>>

// A prompt as it was given: a text or messages, with the instructions beside it.
const promptSaid = (value: unknown): Said => {
  const prompt = asRecord(unpacked(value))
  if (prompt === null) return saidFrom(value)
  const { system, messages } = prompt
  const given = typeof prompt['prompt'] === 'string' ? [{ role: 'user', content: prompt['prompt'] }] : prompt['prompt']
  const list = Array.isArray(messages) ? messages : Array.isArray(given) ? given : null
  return list === null ? saidFrom(value) : saidFrom({ system, messages: list })
}

export const aiSdkSaidIn: Reader<Said> = ({ attributes }) => {
  const messages = attributes['ai.prompt.messages']
  if (messages) return { value: saidFrom(messages), by: 'ai.prompt.messages' }
  const prompt = attributes['ai.prompt']
  if (prompt) return { value: promptSaid(prompt), by: 'ai.prompt' }
  const key = ['ai.value', 'ai.values'].find((name) => attributes[name])
  if (key === undefined) return null
  const values = attributes[key]
  const raw = Array.isArray(values) ? values.map(unquoted) : unquoted(values)
  return { value: { system: null, messages: [], raw, finish: [], flags: [] }, by: key }
}

const unquoted = (value: unknown): unknown =>
  typeof value === 'string' && /^".*"$/s.test(value) ? (unpacked(`[${value}]`) as unknown[])[0] : unpacked(value)

export const aiSdkSaidOut: Reader<Said> = ({ attributes }) => {
  const answer = below(attributes, 'ai.response.')
  const [text, calls, object, reasoning] = [answer['text'], answer['toolCalls'], answer['object'], answer['reasoning']]
  if (!text && !calls && !object && !reasoning) return null
  const content = [
    ...(reasoning ? [{ type: 'reasoning', text: reasoning }] : []),
    ...(text ? [{ type: 'text', text }] : []),
    ...(object && !text ? [{ type: 'text', text: object }] : []),
  ]
  const said = saidMessages([{ role: 'assistant', content, tool_calls: calls }])
  const by = ['text', 'toolCalls', 'object', 'reasoning'].find((name) => answer[name])
  return said === null ? null : { value: said, by: `ai.response.${by}` }
}

// The parts add up to the whole, and say more than it.
const wholeOf = (whole: number | null, own: number | null, ...parts: (number | null)[]): number | null =>
  own === null ? whole : parts.reduce<number>((sum, part) => sum + (part ?? 0), own)

export const aiSdkUsage: Reader<UsageSaid> = ({ attributes }) => {
  if (!hasPrefix(attributes, 'ai.usage.')) return null
  const tokens = (...names: string[]): number | null =>
    names.map((name) => tokensOf(attributes[`ai.usage.${name}`])).find((value) => value !== null) ?? null
  const cacheRead = tokens('inputTokenDetails.cacheReadTokens', 'cachedInputTokens')
  const cacheWrite = tokens('inputTokenDetails.cacheWriteTokens')
  const reasoning = tokens('outputTokenDetails.reasoningTokens', 'reasoningTokens')
  const input = tokens('inputTokens', 'promptTokens', 'tokens')
  const output = tokens('outputTokens', 'completionTokens')
  const said: UsageSaid = {
    style: 'inclusive',
    input: wholeOf(input, tokens('inputTokenDetails.noCacheTokens'), cacheRead, cacheWrite),
    output: wholeOf(output, tokens('outputTokenDetails.textTokens'), reasoning),
    cacheRead,
    cacheWrite,
    reasoning,
    audioIn: null,
    audioOut: null,
    total: tokens('totalTokens'),
  }
  return saysAnything(said) ? { value: said, by: 'ai.usage.*' } : null
}

const SETTINGS: Readonly<Record<string, string>> = {
  maxOutputTokens: 'max_tokens',
  maxTokens: 'max_tokens',
  topP: 'top_p',
  topK: 'top_k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  stopSequences: 'stop_sequences',
  maxRetries: 'max_retries',
}

export const aiSdkParams: Reader<Json> = ({ attributes }) => {
  const entries = Object.entries(below(attributes, 'ai.settings.')).filter(([, value]) => value !== null)
  const choice = unpacked(attributes['ai.prompt.toolChoice'])
  if (choice !== undefined) entries.push(['tool_choice', choice])
  if (entries.length === 0) return null
  return {
    value: Object.fromEntries(entries.map(([key, value]) => [wordIn(SETTINGS, key) ?? key, value])),
    by: 'ai.settings.*',
  }
}

export const aiSdkMetadata: Reader<Json> = ({ attributes }) => {
  const value = below(attributes, 'ai.telemetry.metadata.')
  return Object.keys(value).length === 0 ? null : { value, by: 'ai.telemetry.metadata.*' }
}

export const aiSdkTools: Reader<readonly unknown[]> = ({ attributes }) => {
  const tools = unpacked(attributes['ai.prompt.tools'])
  return Array.isArray(tools) ? { value: tools.map(unpacked), by: 'ai.prompt.tools' } : null
}

export const aiSdkFinish: Reader<string[]> = ({ attributes }) => {
  const reason = textOf(attributes['ai.response.finishReason'])
  return reason === null ? null : { value: [reason], by: 'ai.response.finishReason' }
}

const MS_NS = 1_000_000

export const aiSdkFirstToken: Reader<bigint> = ({ attributes, startNs }) => {
  const key = 'ai.response.msToFirstChunk'
  const ms = numberOf(attributes[key])
  const isSane = ms !== null && ms >= 0 && ms < 1_000_000_000
  return isSane ? { value: startNs + BigInt(Math.round(ms * MS_NS)), by: key } : null
}
