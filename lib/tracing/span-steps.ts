import { createHash } from 'node:crypto'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { keepsSteps } from './integrity'
import type { Json, Presented } from './present'
import { microOfNano } from './span-cost'
import type { StoredSpan } from './span-row'
import { type Reader, readSlots } from './span-shelf'
import { slotsOf } from './span-slots'
import { readSpans } from './span-state'
import { shownNano } from './span-totals'
import { stepSpans } from './sql-read-spans'
import type { StoredTrace } from './store'

// The steps of a run that came in as spans: calls, tools and failures in their order. Beyond the first thousand, its
// spans tell the rest.

const MOST_SPANS = 1_000
const MOST_TEXT = 20_000
const MILLION = 1_000_000n

type Step = StoredTrace['steps'][number]
type Draft = { type: string; at: bigint; ms: number; data: Json }

const CALLS: ReadonlySet<string> = new Set(['inference', 'embedding'])

const endOf = ({ startNs, endNs }: StoredSpan): bigint => endNs ?? startNs
const msOf = (span: StoredSpan): number => Number((endOf(span) - span.startNs) / MILLION)

type Part = { type?: unknown; content?: unknown; id?: unknown; name?: unknown; arguments?: unknown }

const partsOf = (messages: readonly unknown[]): Part[] =>
  messages.flatMap((message) => {
    const { parts } = (typeof message === 'object' && message !== null ? message : {}) as { parts?: unknown }
    return Array.isArray(parts) ? (parts as Part[]) : []
  })

const cut = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text)

const textIn = (messages: readonly unknown[]): string | null => {
  const texts = partsOf(messages).flatMap(({ type, content }) =>
    type === 'text' && typeof content === 'string' ? [content] : [],
  )
  return texts.length === 0 ? null : cut(texts.join('\n'))
}

const roleOf = (message: unknown): unknown => (message as { role?: unknown } | null)?.role

const plainOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : cut(typeof value === 'string' ? value : JSON.stringify(value))

const callsIn = (messages: readonly unknown[]): Json[] =>
  partsOf(messages)
    .filter(({ type }) => type === 'tool_call')
    .map(({ id, name, arguments: given }) => ({ id, name, arguments: given }))

const usageOf = ({ usage }: StoredSpan): Json => {
  if (usage === null) return {}
  const [read, written] = [usage.cacheRead ?? 0, usage.cacheWrite ?? 0]
  return {
    input_tokens: (usage.inUncached ?? 0) + (usage.audioIn ?? 0) + read + written,
    output_tokens: (usage.outVisible ?? 0) + (usage.reasoning ?? 0) + (usage.audioOut ?? 0),
    ...(read > 0 ? { cache_read_tokens: read } : {}),
    ...(written > 0 ? { cache_write_tokens: written } : {}),
  }
}

const callStep = (span: StoredSpan, read: Reader): Draft => {
  const output = (span.content.output ?? []).map(read)
  const calls = callsIn(output)
  const nano = shownNano(span)
  const text = textIn(output)
  return {
    type: 'llm_call',
    at: span.startNs,
    ms: msOf(span),
    data: {
      model: span.responseModel ?? span.requestModel ?? '',
      provider: span.provider ?? '',
      ...usageOf(span),
      ...(nano === null ? {} : { cost: Number(microOfNano(nano)) / Number(MILLION) }),
      input_messages: span.content.input?.length ?? 0,
      has_tool_calls: calls.length > 0,
      outcome: span.status === 'error' ? 'error' : 'ok',
      ...(span.facts.finish_reasons?.[0] === undefined ? {} : { finish_reason: span.facts.finish_reasons[0] }),
      ...(text === null ? {} : { text }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  }
}

const toolSteps = (span: StoredSpan, read: Reader): Draft[] => {
  const about = { tool_call_id: span.toolCallId ?? span.spanId, tool_name: span.toolName ?? span.name }
  const success = span.status !== 'error'
  const result = read(span.content.result) ?? read(span.content.raw_output)
  const data = success ? { result } : { error: span.statusMessage ?? result }
  return [
    {
      type: 'tool_call',
      at: span.startNs,
      ms: 0,
      data: { ...about, arguments: read(span.content.arguments) ?? read(span.content.raw_input), permitted: true },
    },
    { type: 'tool_result', at: endOf(span), ms: msOf(span), data: { ...about, success, ...data } },
  ]
}

const errorStep = (span: StoredSpan): Draft => ({
  type: 'error',
  at: endOf(span),
  ms: 0,
  data: { code: span.errorType ?? 'span_error', message: span.statusMessage ?? span.name, recoverable: true },
})

const draftsOf = (span: StoredSpan, read: Reader): Draft[] => {
  if (CALLS.has(span.kind)) return [callStep(span, read)]
  if (span.kind === 'tool') return toolSteps(span, read)
  return span.status === 'error' ? [errorStep(span)] : []
}

const idOf = (traceId: string, seq: number): string =>
  createHash('sha256').update(`${traceId} ${seq}`).digest('hex').slice(0, 32)

const stepOf =
  ({ tenantId, id }: StoredTrace) =>
  ({ type, at, ms, data }: Draft, n: number): Step => ({
    tenantId,
    traceId: id,
    seq: n + 1,
    stepId: idOf(id, n + 1),
    type,
    timestamp: dateOf(Number(at / MILLION)),
    durationMs: ms,
    data: JSON.stringify(data),
    prevStepHash: null,
    stepHash: '',
  })

const toolCallOf = (span: StoredSpan, read: Reader): Json => ({
  id: span.toolCallId ?? span.spanId,
  name: span.toolName ?? span.name,
  arguments: read(span.content.arguments),
  result: read(span.content.result),
  duration_ms: msOf(span),
  permitted: true,
  success: span.status !== 'error',
})

// The root speaks for the trace; where it says nothing, the first call was asked and the last one answered.
const talkOf = (spans: readonly StoredSpan[], read: Reader) => {
  const root = spans.find(({ parentSpanId }) => parentSpanId === null)
  const calls = spans.filter(({ kind }) => CALLS.has(kind))
  const asked = (span: StoredSpan | undefined): string | null => {
    const users = (span?.content.input ?? []).map(read).filter((message) => roleOf(message) === 'user')
    return textIn(users.slice(-1)) ?? plainOf(read(span?.content.raw_input))
  }
  const answered = (span: StoredSpan | undefined): string | null =>
    textIn((span?.content.output ?? []).map(read)) ?? plainOf(read(span?.content.raw_output))
  const [first, last] = [calls[0], calls.at(-1)]
  return {
    message: asked(root) ?? asked(first),
    history: Math.max(0, (first?.content.input?.length ?? 0) - 1),
    system: plainOf(read((root?.content.system === undefined ? first : root)?.content.system)),
    answer: answered(root) ?? answered(last),
  }
}

const offeredIn = (spans: readonly StoredSpan[]): Json[] => {
  const done = spans.filter(({ kind, status }) => kind === 'tool' && status !== 'error')
  const names = [...spans.flatMap(({ facts }) => facts.offered ?? []), ...done.flatMap((span) => span.toolName ?? [])]
  return [...new Set(names)].map((name) => ({ name }))
}

export const withSpans = async (scope: Scope, found: Presented): Promise<Presented> => {
  const { row } = found
  if (keepsSteps(row.origin)) return found
  const ids = await scope.rows(stepSpans, { trace: row.id, limit: MOST_SPANS })
  const stored = await readSpans(
    scope,
    ids.map(({ spanId }) => [row.id, String(spanId)] as const),
  )
  const spans = [...stored.values()].sort((a, b) => Number(a.startNs - b.startNs) || (a.spanId < b.spanId ? -1 : 1))
  const read = await readSlots(scope, spans.flatMap(slotsOf))
  const talk = talkOf(spans, read)
  const drafts = spans.flatMap((span) => draftsOf(span, read)).sort((a, b) => Number(a.at - b.at))
  const tools = spans.filter(({ kind }) => kind === 'tool')
  const outcome = JSON.stringify({ message: talk.answer, tool_calls: tools.map((span) => toolCallOf(span, read)) })
  return {
    ...found,
    row: {
      ...row,
      steps: drafts.map(stepOf(row)),
      content: { tenantId: row.tenantId, traceId: row.id, inputs: '{}', outcome },
    },
    inputs: {
      message: talk.message,
      system_prompt: talk.system,
      messages: Array.from({ length: talk.history }, () => ({})),
      tools: offeredIn(spans),
    },
  }
}
