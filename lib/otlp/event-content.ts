import type { SpanEventDraft } from '@/lib/tracing'
import { detailsSaidIn, detailsSaidOut, detailsSystem, eventSaidIn, eventSaidOut } from './dialects/gen-ai-events'
import { asRecord } from './json-text'
import type { RawEvent, RawSpan } from './raw-span'

const BARE: Omit<RawSpan, 'events'> = {
  traceId: '',
  spanId: '',
  parentSpanId: null,
  name: '',
  startNs: 0n,
  endNs: null,
  scope: { name: '', version: '', schemaUrl: '' },
  resource: {},
  attributes: {},
  links: [],
  status: { code: 'unset', message: null },
  flags: [],
}

// What an event says of the conversation; as a log it keeps that in its body, as an event of a span in attributes.
export const spokenContent = (event: RawEvent, body: unknown): SpanEventDraft['content'] => {
  const attributes = { ...event.attributes, ...asRecord(body) }
  const span: RawSpan = { ...BARE, events: [{ ...event, attributes }] }
  const input = detailsSaidIn(span) ?? eventSaidIn(span)
  const output = detailsSaidOut(span) ?? eventSaidOut(span)
  const system = detailsSystem(span)?.value ?? input?.value.system ?? null
  if (input === null && output === null && system === null) return null
  return { system, input: input?.value.messages ?? [], output: output?.value.messages ?? [] }
}
