import { dateOf } from '@/lib/core/clock'
import { storableJson } from '@/lib/core/rows-json'
import { BUCKETS, type Buckets, isTold, NO_BUCKETS, type SpanRecord } from './span-record'
import { jsonOf } from './span-shelf'

// Between a span and its row. Whole numbers beyond what a number holds travel as digits.

export type StoredSpan = SpanRecord & { isCounting: boolean; receivedAt: string | null }

const digits = (value: bigint | null): string | null => (value === null ? null : `${value}`)

// As the database will have it.
export const storedJson = (value: unknown): string => {
  try {
    return storableJson(value)
  } catch {
    return storableJson(JSON.parse(jsonOf(value)))
  }
}

export const rowOfSpan = (span: StoredSpan): Record<string, unknown> => ({
  trace: span.traceId,
  id: span.spanId,
  parent: span.parentSpanId,
  name: span.name,
  kind: span.kind,
  start: digits(span.startNs),
  end: digits(span.endNs),
  status: span.status,
  error_type: span.errorType,
  message: span.statusMessage,
  provider: span.provider,
  asked: span.requestModel,
  served: span.responseModel,
  tool: span.toolName,
  call: span.toolCallId,
  response: span.responseId,
  in_uncached: span.usage?.inUncached ?? null,
  cache_read: span.usage?.cacheRead ?? null,
  cache_write: span.usage?.cacheWrite ?? null,
  out_visible: span.usage?.outVisible ?? null,
  reasoning: span.usage?.reasoning ?? null,
  audio_in: span.usage?.audioIn ?? null,
  audio_out: span.usage?.audioOut ?? null,
  given: digits(span.givenNanoUsd),
  computed: digits(span.computedNanoUsd),
  price: span.priceVersion,
  counting: span.isCounting,
  dialect: span.dialect,
  flags: JSON.stringify(span.flags),
  facts: storedJson(span.facts),
  content: storedJson(span.content),
})

type Row = Readonly<Record<string, unknown>>

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const whole = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))
export const bigOf = (value: unknown): bigint | null =>
  value === null || value === undefined ? null : BigInt(value as string | number | bigint)

export const bucketsOfRow = (row: Row): Buckets | null => {
  const usage: Buckets = {
    ...NO_BUCKETS,
    ...Object.fromEntries(BUCKETS.map((bucket) => [bucket, whole(row[bucket])])),
  }
  return isTold(usage) ? usage : null
}

export const spanOfRow = (row: Row): StoredSpan => ({
  traceId: String(row['traceId']),
  spanId: String(row['spanId']),
  parentSpanId: text(row['parentSpanId']),
  name: String(row['name']),
  kind: String(row['kind']),
  startNs: bigOf(row['startNs']) ?? 0n,
  endNs: bigOf(row['endNs']),
  status: String(row['status']),
  errorType: text(row['errorType']),
  statusMessage: text(row['statusMessage']),
  provider: text(row['provider']),
  requestModel: text(row['requestModel']),
  responseModel: text(row['responseModel']),
  toolName: text(row['toolName']),
  toolCallId: text(row['toolCallId']),
  responseId: text(row['responseId']),
  usage: bucketsOfRow(row),
  givenNanoUsd: bigOf(row['givenNanoUsd']),
  computedNanoUsd: bigOf(row['computedNanoUsd']),
  priceVersion: text(row['priceVersion']),
  dialect: String(row['dialect']),
  flags: JSON.parse(String(row['flags'])) as string[],
  facts: JSON.parse(String(row['facts'])) as SpanRecord['facts'],
  content: JSON.parse(String(row['content'])) as SpanRecord['content'],
  isCounting: row['isCounting'] === true || Number(row['isCounting']) === 1,
  receivedAt: dateOf(row['receivedAt'] as string | Date).toISOString(),
})
