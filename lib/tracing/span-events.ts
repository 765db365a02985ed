import { createHash } from 'node:crypto'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { SpanDetail, SpanMessageShown } from './contract/spans'
import { countWrites, faultWrites, type IngestFault } from './ingest-counters'
import { type Rejected, refusalOf, refusedCounts, refusedFaults } from './ingest-refusal'
import type { SpanMessage } from './span-draft'
import { traceIdOf } from './span-record'
import { storedJson } from './span-row'
import { type Clean, cleanWith } from './span-shelf'
import { readPlaces, type TraceState } from './span-state'
import { eventsOfSpans } from './sql-read-spans'
import { insertSpanEvents, knownEvents } from './sql-span-events'

// What logs say about spans. They are kept by themselves and found when the span is read, whichever came first.

export type SpanEventDraft = {
  traceId: string
  spanId: string
  name: string
  timeNs: bigint
  attributes: Readonly<Record<string, unknown>>
  body: unknown
  // What it says of the conversation, in the shape of spans.
  content: { system: string | null; input: readonly SpanMessage[]; output: readonly SpanMessage[] } | null
}

type Json = Record<string, unknown>

const MOST_CONTENT = 262_144
const MOST_ROWS = 1_000

const contentOf = (clean: Clean, { attributes, body, content }: SpanEventDraft): { text: string; isCut: boolean } => {
  const whole = JSON.parse(clean.json({ attributes, body, ...(content === null ? {} : { content }) })) as Json
  const text = storedJson(whole)
  return text.length <= MOST_CONTENT
    ? { text, isCut: false }
    : { text: storedJson({ attributes: {}, body: null, is_cut: true }), isCut: true }
}

const idOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32)

const MOST_NAME = 200

const rowOf = (clean: Clean, event: SpanEventDraft, received: string) => {
  const name = clean.text(event.name).slice(0, MOST_NAME)
  const { text, isCut } = contentOf(clean, event)
  const time = `${event.timeNs}`
  return {
    isCut,
    row: {
      trace: traceIdOf(event.traceId),
      span: event.spanId,
      id: idOf(name, time, text),
      name,
      time,
      content: text,
      received,
    },
  }
}

export type EventsReply = { accepted: number; duplicates: number; rejected: Rejected[] }

type Sorted = { taken: SpanEventDraft[]; rejected: Rejected[] }

// What a trace does not take as spans it does not take as words about its spans.
const sorted = async (scope: Scope, events: readonly SpanEventDraft[]): Promise<Sorted> => {
  const ids = [...new Set(events.map(({ traceId }) => traceIdOf(traceId)))]
  const places = ids.length === 0 ? new Map<string, TraceState>() : await readPlaces(scope, ids)
  const out: Sorted = { taken: [], rejected: [] }
  for (const event of events) {
    const place = places.get(traceIdOf(event.traceId))
    const reason = place === undefined ? null : refusalOf(scope, place)
    if (reason === null || reason === 'trace_full') out.taken.push(event)
    else out.rejected.push({ spanId: event.spanId, reason })
  }
  return out
}

const storePortion = async (
  scope: Scope,
  events: readonly SpanEventDraft[],
  source: string,
  faults: readonly IngestFault[],
): Promise<EventsReply> => {
  const clean = cleanWith(scope.redaction)
  const { taken, rejected } = await sorted(scope, events)
  const rows = taken.map((event) => rowOf(clean, event, storedTime(scope.clock.now())))
  const once = [...new Map(rows.map(({ row }) => [`${row.trace} ${row.span} ${row.id}`, row])).values()]
  const keys = JSON.stringify(once.map(({ trace, span, id }) => [trace, span, id]))
  const known = once.length === 0 ? 0 : (await scope.rows(knownEvents, { keys })).length
  const accepted = once.length - known
  await scope.command({
    audit: [],
    writes: [
      ...(accepted === 0 ? [] : [{ statement: insertSpanEvents, rows: once }]),
      ...countWrites(scope, source, [
        { outcome: 'accepted', reason: '', spans: accepted },
        { outcome: 'duplicate', reason: '', spans: taken.length - accepted },
        { outcome: 'truncated', reason: '', spans: rows.filter(({ isCut }) => isCut).length },
        ...refusedCounts(rejected),
        ...faults.map(({ reason, spans }) => ({ outcome: 'rejected' as const, reason, spans })),
      ]),
      ...faultWrites(scope, source, [...refusedFaults(rejected), ...faults]),
    ],
  })
  return { accepted, duplicates: taken.length - accepted, rejected }
}

export const ingestSpanEvents = async (
  scope: Scope,
  events: readonly SpanEventDraft[],
  about: { source: string; faults?: readonly IngestFault[] },
): Promise<EventsReply> => {
  const reply: EventsReply = { accepted: 0, duplicates: 0, rejected: [] }
  for (let at = 0; at === 0 || at < events.length; at += MOST_ROWS) {
    const faults = at === 0 ? (about.faults ?? []) : []
    const done = await storePortion(scope, events.slice(at, at + MOST_ROWS), about.source, faults)
    reply.accepted += done.accepted
    reply.duplicates += done.duplicates
    reply.rejected.push(...done.rejected)
  }
  return reply
}

type Told = SpanDetail['events'][number] & { content: SpanEventDraft['content'] }

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

const toldBy = (row: Readonly<Record<string, unknown>>): Told => {
  const { attributes, body, content } = objectOf(JSON.parse(String(row['content'])))
  const plain = body === null || body === undefined ? {} : { body }
  return {
    name: String(row['name']),
    time_ns: String(row['timeNs']),
    attributes: { ...objectOf(attributes), ...plain },
    content: (content as SpanEventDraft['content']) ?? null,
  }
}

const shown = (messages: readonly SpanMessage[]): SpanMessageShown[] => messages as unknown as SpanMessageShown[]

// The span's own words go before those of its logs.
const spoken = (content: SpanDetail['content'], told: readonly Told[]): SpanDetail['content'] => {
  const all = told.flatMap((event) => (event.content === null ? [] : [event.content]))
  if (content === null || all.length === 0) return content
  const input = content.input_messages.length > 0 ? [] : all.flatMap((one) => shown(one.input))
  const output = content.output_messages.length > 0 ? [] : all.flatMap((one) => shown(one.output))
  return {
    ...content,
    system: content.system ?? all.find(({ system }) => system !== null)?.system ?? null,
    input_messages: [...content.input_messages, ...input],
    output_messages: [...content.output_messages, ...output],
  }
}

export const withEvents = async (scope: Scope, trace: string, span: SpanDetail): Promise<SpanDetail> => {
  const told = (await scope.rows(eventsOfSpans, { trace, spans: JSON.stringify([span.id]) })).map(toldBy)
  if (told.length === 0) return span
  return {
    ...span,
    content: spoken(span.content, told),
    events: [...span.events, ...told.map(({ content: _, ...event }) => event)],
  }
}
