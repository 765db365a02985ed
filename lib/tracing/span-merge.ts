import { BUCKETS, type Buckets, type SpanContent, type SpanFacts, type SpanRecord } from './span-record'
import { jsonOf } from './span-shelf'

// One span may come in several versions, half ones too. What one of them says is never lost, and the later one has
// the last word where both speak. Pure.

type Plain = Readonly<Record<string, unknown>>

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

// Keys stay in the order of the stored version, so that nothing new is nothing changed.
const joined = (stored: Plain, strong: Plain, weak: Plain): Plain => {
  const out = Object.create(null) as Record<string, unknown>
  for (const key of new Set([...Object.keys(stored), ...Object.keys(strong), ...Object.keys(weak)])) {
    const [first, second] = [strong[key], weak[key]]
    if (isPlain(first) && isPlain(second)) out[key] = joined((stored[key] ?? {}) as Plain, first, second)
    else out[key] = isEmpty(first) ? second : first
  }
  return out
}

const usageOf = (strong: Buckets | null, weak: Buckets | null): Buckets | null => {
  if (strong === null || weak === null) return strong ?? weak
  return Object.fromEntries(BUCKETS.map((bucket) => [bucket, strong[bucket] ?? weak[bucket]])) as Buckets
}

// Which rules made it what it is: those of every version.
const rulesOf = (stored: SpanFacts, incoming: SpanFacts): SpanFacts => {
  const all = [...(stored.mapped_by ?? []), ...(incoming.mapped_by ?? [])]
  const once = new Map(all.map((slot) => [JSON.stringify(slot), slot]))
  return once.size === 0 ? {} : { mapped_by: [...once.values()].slice(0, MOST_RULES) }
}

const MOST_RULES = 32
// As much as one version may say: a span that comes again and again with other words does not grow without end.
const MOST_FACTS = 1_048_576

const factsOf = (stored: SpanRecord, strong: SpanRecord, weak: SpanRecord): SpanFacts => {
  const all = joined(stored.facts, strong.facts, weak.facts) as SpanFacts
  const isTooMuch = jsonOf(all).length > MOST_FACTS
  return {
    ...(isTooMuch ? strong.facts : all),
    ...rulesOf(stored.facts, stored === strong ? weak.facts : strong.facts),
  }
}

const STATUS = ['unset', 'ok', 'error']
const worseOf = (a: string, b: string): string => (STATUS.indexOf(a) >= STATUS.indexOf(b) ? a : b)

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const latest = (a: bigint | null, b: bigint | null): bigint | null => (a === null ? b : b === null ? a : a > b ? a : b)

const VAGUE = 'step'

// The one that saw more of the span is the later one; of two alike it is the one that came last.
const isLater = (incoming: SpanRecord, stored: SpanRecord): boolean => (incoming.endNs ?? -1n) >= (stored.endNs ?? -1n)

export const mergeSpans = (stored: SpanRecord, incoming: SpanRecord): SpanRecord => {
  const [strong, weak] = isLater(incoming, stored) ? [incoming, stored] : [stored, incoming]
  return {
    traceId: stored.traceId,
    spanId: stored.spanId,
    parentSpanId: strong.parentSpanId ?? weak.parentSpanId,
    name: strong.name === '' ? weak.name : strong.name,
    kind: strong.kind === VAGUE ? weak.kind : strong.kind,
    startNs: least(stored.startNs, incoming.startNs),
    endNs: latest(stored.endNs, incoming.endNs),
    status: worseOf(strong.status, weak.status),
    errorType: strong.errorType ?? weak.errorType,
    statusMessage: strong.statusMessage ?? weak.statusMessage,
    provider: strong.provider ?? weak.provider,
    requestModel: strong.requestModel ?? weak.requestModel,
    responseModel: strong.responseModel ?? weak.responseModel,
    toolName: strong.toolName ?? weak.toolName,
    toolCallId: strong.toolCallId ?? weak.toolCallId,
    responseId: strong.responseId ?? weak.responseId,
    usage: usageOf(strong.usage, weak.usage),
    givenNanoUsd: strong.givenNanoUsd ?? weak.givenNanoUsd,
    computedNanoUsd: stored.computedNanoUsd,
    priceVersion: stored.priceVersion,
    dialect: strong.dialect,
    flags: [...new Set([...stored.flags, ...incoming.flags])],
    facts: factsOf(stored, strong, weak),
    content: joined(stored.content, strong.content, weak.content) as SpanContent,
  }
}

// Whether what it costs has to be asked again.
export const isPricedAlike = (a: SpanRecord, b: SpanRecord): boolean =>
  a.provider === b.provider &&
  a.requestModel === b.requestModel &&
  a.responseModel === b.responseModel &&
  JSON.stringify(a.usage) === JSON.stringify(b.usage)
