import { emptyRecord } from '@/lib/otlp/any-value'
import type { RawSpan } from '@/lib/otlp/raw-span'

const START = 1_790_000_000_000_000_000n

export const rawSpan = (over: Partial<RawSpan> = {}): RawSpan => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: null,
  name: 'a span',
  startNs: START,
  endNs: START + 1_000_000n,
  scope: { name: '', version: '', schemaUrl: '' },
  resource: emptyRecord(),
  attributes: emptyRecord(),
  events: [],
  links: [],
  status: { code: 'unset', message: null },
  flags: [],
  ...over,
})

export const withAttributes = (attributes: Record<string, unknown>, over: Partial<RawSpan> = {}): RawSpan =>
  rawSpan({ ...over, attributes })
