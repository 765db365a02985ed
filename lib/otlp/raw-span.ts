import type { Attributes } from './any-value'

// A span as the protocol says it, its values plain, before any dialect is read into it.
export type RawSpan = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  startNs: bigint
  endNs: bigint | null
  scope: { name: string; version: string; schemaUrl: string }
  resource: Attributes
  attributes: Attributes
  events: readonly RawEvent[]
  links: readonly { traceId: string; spanId: string; attributes: Attributes }[]
  status: { code: 'ok' | 'error' | 'unset'; message: string | null }
  flags: readonly string[]
}

export type RawEvent = { name: string; timeNs: bigint; attributes: Attributes }

// Why one span is not taken, and where it stands in its request.
export type Fault = { reason: FaultReason; text: string; at: string; spans: number }

export const FAULT_TEXTS = {
  trace_id: 'trace_id must be 16 bytes (hex 32 chars) and not zero',
  span_id: 'span_id must be 8 bytes (hex 16 chars) and not zero',
  no_name_no_start: 'a span needs a name or a start time',
  end_before_start: 'end time lies more than 24 h before the start time',
  time_range: 'start or end time is out of range; times are nanoseconds since 1970',
  attributes_shape: 'attributes must be a list of {"key", "value": {"stringValue": …}}, not an object',
  malformed: 'the span does not have the form of an OTLP span',
  too_deep: 'values are nested too deep',
  too_large: 'the span is larger than 1 MiB; shorten attributes or events',
  too_many: 'more spans than one request may hold; send smaller batches',
  looks_like_logs: 'this looks like an OTLP logs export: send it to /v1/logs',
  own_run: 'this run was recorded here already: an export of this installation must not lead back into it',
  not_mapped: 'the span could not be mapped',
  refused: 'the span was refused by the store',
} as const

export type FaultReason = keyof typeof FAULT_TEXTS

export const faultAt = (reason: FaultReason, at: string, spans = 1): Fault => ({
  reason,
  text: FAULT_TEXTS[reason],
  at,
  spans,
})
