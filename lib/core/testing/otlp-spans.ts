import { TraceRequest } from '@/lib/otlp/messages'
import type { TestTenant } from './kernel'
import { hexId } from './otlp-house'

export const START = 1_790_000_000_000_000_123n

export type Plain = Record<string, unknown>

export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
export const int = (key: string, intValue: number | string) => ({ key, value: { intValue } })

export const chat = (traceId: string, over: Plain = {}): Plain => ({
  traceId,
  spanId: hexId(8),
  name: 'chat gpt-4o',
  kind: 3,
  startTimeUnixNano: String(START),
  endTimeUnixNano: String(START + 5_000_000n),
  attributes: [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.request.model', 'gpt-4o'),
    int('gen_ai.usage.input_tokens', '100'),
    int('gen_ai.usage.output_tokens', 20),
  ],
  ...over,
})

export const requestOf = (...spans: Plain[]): Plain => ({
  resourceSpans: [{ resource: { attributes: [text('service.name', 'agent')] }, scopeSpans: [{ spans }] }],
})

export const idsToBytes = (value: unknown, key = ''): unknown => {
  if (/^(?:traceId|spanId|parentSpanId)$/.test(key)) return Buffer.from(String(value), 'hex')
  if (Array.isArray(value)) return value.map((item) => idsToBytes(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, idsToBytes(item, name)]))
}

export const protoBytes = (request: Plain): Uint8Array =>
  TraceRequest.encode(TraceRequest.fromObject(idsToBytes(request) as object)).finish()

export const uuid = (hex: string) => hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

export const rowsOf = (project: TestTenant, traceHex: string) =>
  project.scope.db.traceSpan.findMany({ where: { traceId: uuid(traceHex) }, orderBy: { spanId: 'asc' } })
