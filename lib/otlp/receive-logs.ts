import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { ingestSpanEvents, type SpanEventDraft } from '@/lib/tracing'
import { storable } from './any-value'
import { spendSpans, withRoom } from './backlog'
import { textOf } from './claim'
import { itemFrom, listOf } from './decode-json'
import { jsonBody, undecodable } from './decode-traces'
import type { Encoding } from './envelope'
import { spokenContent } from './event-content'
import { explain } from './explain'
import { asRecord } from './json-text'
import { lenientPlain, lenientRecord, spanIdOf, traceIdOf } from './judge-span'
import { type LogMessage, LogRecord, LogsRequest } from './messages'
import type { Fault } from './raw-span'
import { receiver, type Source, type Taken } from './receive'
import { refusalsOf } from './refusals'
import { storing } from './store-failure'
import { inRange, nanosOf } from './wide'

type Decoded = { events: SpanEventDraft[]; faults: Fault[]; total: number }
type Item = { record: LogMessage | string; at: string }

const NOT_STORED = 'only gen_ai.* events are stored from logs'
const NO_SPAN = 'the event names no span: trace_id and span_id are needed to join it'
const MALFORMED = 'the record does not have the form of an OTLP log record'
const TOO_MANY = 'more records than one request may hold; send smaller batches'

function* fromProtobuf(bytes: Uint8Array): Generator<Item> {
  for (const [i, { scopeLogs }] of (LogsRequest.decode(bytes).resourceLogs ?? []).entries())
    for (const [j, { logRecords }] of (scopeLogs ?? []).entries())
      for (const [k, record] of (logRecords ?? []).entries())
        yield { record, at: `resourceLogs[${i}].scopeLogs[${j}].logRecords[${k}]` }
}

function* fromJson(bytes: Uint8Array): Generator<Item> {
  for (const [i, group] of listOf(jsonBody(bytes)['resourceLogs']).entries())
    for (const [j, scope] of listOf(asRecord(group)?.['scopeLogs']).entries())
      for (const [k, record] of listOf(asRecord(scope)?.['logRecords']).entries())
        yield { record: itemFrom(LogRecord, record), at: `resourceLogs[${i}].scopeLogs[${j}].logRecords[${k}]` }
}

const timeOf = ({ timeUnixNano, observedTimeUnixNano }: LogMessage): bigint => {
  const time = nanosOf(timeUnixNano) || nanosOf(observedTimeUnixNano)
  if (time === 0n) return BigInt(kernel().clock.now().getTime()) * 1_000_000n
  return inRange(time)
}

const eventOf = (record: LogMessage): SpanEventDraft | string => {
  const attributes = lenientRecord(record.attributes)
  const name = storable(record.eventName ?? '') || (textOf(attributes['event.name']) ?? '')
  if (!name.startsWith('gen_ai.')) return NOT_STORED
  const [traceId, spanId] = [traceIdOf(record.traceId), spanIdOf(record.spanId)]
  if (traceId === null || spanId === null) return NO_SPAN
  const event = { name, timeNs: timeOf(record), attributes }
  const body = lenientPlain(record.body)
  return { ...event, traceId, spanId, body, content: spokenContent(event, body) }
}

const judged = (items: Iterable<Item>): Decoded => {
  const out: Decoded = { events: [], faults: [], total: 0 }
  for (const { record, at } of items) {
    out.total += 1
    const isOver = out.total > kernel().env.OTLP_MAX_SPANS_PER_REQUEST
    const verdict = isOver ? TOO_MANY : typeof record === 'string' ? MALFORMED : eventOf(record)
    if (typeof verdict === 'string') out.faults.push({ reason: 'not_mapped', text: verdict, at, spans: 1 })
    else out.events.push(verdict)
  }
  return out
}

const decodeLogs = (bytes: Uint8Array, encoding: Encoding): Decoded => {
  if (encoding === 'json') return judged(fromJson(bytes))
  try {
    return judged(fromProtobuf(bytes))
  } catch {
    throw undecodable('protobuf')
  }
}

const keep = async (scope: Scope, { events, faults, total }: Decoded, source: Source): Promise<Taken> => {
  spendSpans(scope.tenantId, events.length)
  const rows =
    faults.length === 0
      ? []
      : [{ reason: 'log_record', message: explain(faults, total, 'records'), spans: faults.length }]
  if (total === 0) return { rejected: 0, message: '' }
  const store = () => storing(() => ingestSpanEvents(scope, events, { source, faults: rows }))
  const { rejected } = await withRoom(events.length, store)
  const all = [...faults, ...refusalsOf(rejected, (spanId) => `span ${spanId}`)]
  return { rejected: all.length, message: all.length === 0 ? '' : explain(all, total, 'log records') }
}

export const receiveLogs = receiver('logs', decodeLogs, keep)
