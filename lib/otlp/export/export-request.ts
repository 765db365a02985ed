import { redactText } from '@/lib/core/redact'
import type { RunSpans } from '@/lib/tracing'
import { TraceRequest } from '../messages'
import { type ToldAttributes, toldAttributes } from './told-attributes'

// A run as a request of the protocol. It is built as its JSON has it; the binary form only needs the ids as bytes.

type Span = RunSpans['spans'][number]
export type Sender = { tenantId: string; service: string; version: string }

const SCHEMA = 'https://opentelemetry.io/schemas/gen-ai/1.42.0'
const INTERNAL = 1
const CLIENT = 3
const CODES = { unset: 0, ok: 1, error: 2 } as const

const anyValue = (value: ToldAttributes[string]): object => {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } }
}

const keyValues = (attributes: ToldAttributes): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

const spanOf = (run: RunSpans, { tenantId }: Sender, span: Span): object => ({
  traceId: run.id.replaceAll('-', ''),
  spanId: span.id,
  ...(span.parent_id === null ? {} : { parentSpanId: span.parent_id }),
  name: span.name,
  kind: span.kind === 'inference' ? CLIENT : INTERNAL,
  startTimeUnixNano: span.start_ns,
  endTimeUnixNano: span.end_ns ?? span.start_ns,
  attributes: keyValues(toldAttributes(tenantId, run, span)),
  status: {
    code: CODES[span.status],
    ...(span.status_message === null ? {} : { message: redactText(span.status_message) }),
  },
})

const requestOf = (run: RunSpans, sender: Sender): object => ({
  resourceSpans: [
    {
      resource: {
        attributes: keyValues({
          'service.name': sender.service,
          'service.version': sender.version,
          'deployment.environment.name': run.environment,
        }),
      },
      scopeSpans: [
        {
          scope: { name: 'clasper', version: sender.version },
          schemaUrl: SCHEMA,
          spans: run.spans.map((span) => spanOf(run, sender, span)),
        },
      ],
    },
  ],
})

const ID = /^(?:traceId|spanId|parentSpanId)$/

const idsAsBytes = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string') return ID.test(key) ? Buffer.from(value, 'hex') : value
  if (Array.isArray(value)) return value.map((item) => idsAsBytes(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, idsAsBytes(item, name)]))
}

export const exportBody = (run: RunSpans, sender: Sender, isJson: boolean): string | Uint8Array => {
  const request = requestOf(run, sender)
  if (isJson) return JSON.stringify(request)
  return TraceRequest.encode(TraceRequest.fromObject(idsAsBytes(request) as object)).finish()
}
