import { type Attributes, emptyRecord, plainOf, recordOf, storable, TooDeep, weightOf } from './any-value'
import type { KeyValue, SpanMessage } from './messages'
import type { FaultReason, RawEvent, RawSpan } from './raw-span'
import { inRange, LAST_NS, nanosOf } from './wide'

const DAY_NS = 86_400_000_000_000n
const MOST_ATTRIBUTES = 1_024
const MOST_EVENTS = 1_024
const MOST_WEIGHT = 1_048_576
const MOST_SURROUNDING = 65_536
const MOST_NAME = 1_000
// Far more than is kept, so that no secret is cut in two before it is looked for.
const MOST_MESSAGE = 65_536

export type Around = { scope: RawSpan['scope']; resource: Attributes; receivedNs: bigint }

const idOf = (bytes: Uint8Array | null | undefined, length: number): string | null => {
  if (!bytes || bytes.byteLength !== length || bytes.every((byte) => byte === 0)) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

export const traceIdOf = (bytes: Uint8Array | null | undefined): string | null => idOf(bytes, 16)
export const spanIdOf = (bytes: Uint8Array | null | undefined): string | null => idOf(bytes, 8)

export const nameOf = (text: string | null | undefined): string => storable((text ?? '').slice(0, MOST_NAME))

const STATUS = { 1: 'ok', 2: 'error' } as const

const statusOf = (status: SpanMessage['status']): RawSpan['status'] => {
  const code = status?.code === 1 || status?.code === 2 ? STATUS[status.code] : 'unset'
  return { code, message: status?.message ? storable(status.message.slice(0, MOST_MESSAGE)) : null }
}

type Times = { startNs: bigint; endNs: bigint | null; flags: string[] }

// An end without a start is all that is known of the time; without both it is the time of receipt.
const timesOf = (span: SpanMessage, receivedNs: bigint): Times | FaultReason => {
  const sent = nanosOf(span.startTimeUnixNano)
  const ended = nanosOf(span.endTimeUnixNano)
  if (sent > LAST_NS || ended > LAST_NS) return 'time_range'
  const startNs = sent === 0n ? (ended === 0n ? receivedNs : ended) : sent
  const flags = sent === 0n ? ['start_missing'] : []
  if (ended === 0n) return { startNs, endNs: null, flags }
  if (ended >= startNs) return { startNs, endNs: ended, flags }
  if (startNs - ended > DAY_NS) return 'end_before_start'
  return { startNs, endNs: startNs, flags: [...flags, 'end_before_start'] }
}

const capped = (pairs: readonly KeyValue[] | null | undefined, flags: string[]): Attributes => {
  if (!pairs || pairs.length <= MOST_ATTRIBUTES) return recordOf(pairs)
  flags.push('attributes_truncated')
  return recordOf(pairs.slice(0, MOST_ATTRIBUTES))
}

const eventsOf = (span: SpanMessage, flags: string[]): RawEvent[] => {
  const events = span.events ?? []
  if (events.length > MOST_EVENTS) flags.push('events_truncated')
  return events.slice(0, MOST_EVENTS).map((event) => {
    const time = nanosOf(event.timeUnixNano)
    return {
      name: nameOf(event.name),
      timeNs: inRange(time),
      attributes: recordOf(event.attributes),
    }
  })
}

const linksOf = (span: SpanMessage): RawSpan['links'] =>
  (span.links ?? []).slice(0, MOST_EVENTS).flatMap((link) => {
    const [traceId, spanId] = [traceIdOf(link.traceId), spanIdOf(link.spanId)]
    return traceId && spanId ? [{ traceId, spanId, attributes: recordOf(link.attributes) }] : []
  })

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

const parentOf = ({ parentSpanId }: SpanMessage, spanId: string, flags: string[]): string | null => {
  if (!parentSpanId || parentSpanId.byteLength === 0 || isZero(parentSpanId)) return null
  const parent = spanIdOf(parentSpanId)
  if (parent !== null && parent !== spanId) return parent
  flags.push('parent_invalid')
  return null
}

const weigh = (span: Pick<RawSpan, 'attributes' | 'events' | 'links'>): number =>
  weightOf(span.attributes) + weightOf(span.events) + weightOf(span.links)

const read = (span: SpanMessage, around: Around): RawSpan | FaultReason => {
  const traceId = traceIdOf(span.traceId)
  if (traceId === null) return 'trace_id'
  const spanId = spanIdOf(span.spanId)
  if (spanId === null) return 'span_id'
  const name = nameOf(span.name)
  if (name === '' && nanosOf(span.startTimeUnixNano) === 0n) return 'no_name_no_start'
  const times = timesOf(span, around.receivedNs)
  if (typeof times === 'string') return times
  const { startNs, endNs, flags } = times
  const parentSpanId = parentOf(span, spanId, flags)
  const body = { attributes: capped(span.attributes, flags), events: eventsOf(span, flags), links: linksOf(span) }
  if (weigh(body) > MOST_WEIGHT) return 'too_large'
  const { scope, resource } = around
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    startNs,
    endNs,
    scope,
    resource,
    ...body,
    status: statusOf(span.status),
    flags,
  }
}

// What one span says of itself, or why it is not taken. Nothing that a client sends makes this throw.
export const judgeSpan = (span: SpanMessage, around: Around): RawSpan | FaultReason => {
  try {
    return read(span, around)
  } catch (error) {
    return error instanceof TooDeep || error instanceof RangeError ? 'too_deep' : 'malformed'
  }
}

// What surrounds many spans is dealt with for each of them.
export const isHeavy = (attributes: Attributes): boolean => weightOf(attributes) > MOST_SURROUNDING

// What surrounds many spans is not worth refusing them for.
export const lenientRecord = (pairs: readonly KeyValue[] | null | undefined): Attributes => {
  try {
    return recordOf(pairs?.slice(0, MOST_ATTRIBUTES))
  } catch {
    return emptyRecord()
  }
}

export const lenientPlain = (value: Parameters<typeof plainOf>[0]): unknown => {
  try {
    return plainOf(value)
  } catch {
    return null
  }
}
