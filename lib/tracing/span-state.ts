import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { refusalOf } from './ingest-refusal'
import type { SpanRecord } from './span-record'
import { bigOf, bucketsOfRow, type StoredSpan, spanOfRow } from './span-row'
import type { LightSpan } from './span-totals'
import { findLightSpans, findSpans, findSpanTraces } from './sql-spans'
import { dateIn } from './store-list'

// What is known of the traces of a batch before it.

export type TraceState = {
  id: string
  origin: string
  storage: string
  version: string | null
  workspaceId: string
  userId: string | null
  environment: string
  startedMs: number
  spanCount: number
  text: string
  // Never changed: who adds makes a copy.
  spans: Map<string, LightSpan>
}

type Row = Readonly<Record<string, unknown>>

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const isEstimated = (flags: string): boolean => flags.includes('"usage_estimated"')

const lightOfRow = (row: Row): LightSpan => {
  const usage = bucketsOfRow(row)
  const given = bigOf(row['givenNanoUsd'])
  return {
    spanId: String(row['spanId']),
    parentSpanId: textOf(row['parentSpanId']),
    kind: String(row['kind']),
    startNs: bigOf(row['startNs']) ?? 0n,
    endNs: bigOf(row['endNs']),
    responseId: textOf(row['responseId']),
    hasUsage: usage !== null || given !== null,
    name: textOf(row['name']) ?? '',
    status: String(row['status']),
    errorType: textOf(row['errorType']),
    statusMessage: textOf(row['statusMessage']),
    provider: textOf(row['provider']),
    model: textOf(row['model']),
    usage,
    givenNanoUsd: given,
    computedNanoUsd: bigOf(row['computedNanoUsd']),
    isEstimated: isEstimated(String(row['flags'])),
    isCounting: row['isCounting'] === true || Number(row['isCounting']) === 1,
    grouping: textOf(row['grouping']),
  }
}

export const lightOf = (span: SpanRecord, isCounting: boolean): LightSpan => ({
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  kind: span.kind,
  startNs: span.startNs,
  endNs: span.endNs,
  responseId: span.responseId,
  hasUsage: span.usage !== null || span.givenNanoUsd !== null,
  name: span.name,
  status: span.status,
  errorType: span.errorType,
  statusMessage: span.statusMessage,
  provider: span.provider,
  model: span.responseModel ?? span.requestModel,
  usage: span.usage,
  givenNanoUsd: span.givenNanoUsd,
  computedNanoUsd: span.computedNanoUsd,
  isEstimated: span.flags.includes('usage_estimated'),
  isCounting,
  grouping: span.facts.grouping ?? null,
})

const stateOf = (row: Row): TraceState => ({
  id: String(row['id']),
  origin: String(row['origin']),
  storage: String(row['storage']),
  version: textOf(row['lastStepHash']),
  workspaceId: String(row['workspaceId']),
  userId: textOf(row['userId']),
  environment: String(row['environment']),
  startedMs: dateIn(row['startedAt']).getTime(),
  spanCount: Number(row['spanCount']),
  text: textOf(row['text']) ?? '',
  spans: new Map(),
})

type Kept = { version: string; spans: Map<string, LightSpan> }
const KEPT = { maxSize: 200_000, sizeCalculation: ({ spans }: Kept) => spans.size + 1, ttl: 600_000 }
const kept = () => kernel().slot('tracing.light-spans', () => new LRUCache<string, Kept>(KEPT))

// A long trace comes in many portions: what was written last is known without reading it again.
export const keepSpans = (scope: Scope, id: string, version: string, spans: Map<string, LightSpan>): void =>
  void kept().set(`${scope.tenantId} ${id}`, { version, spans })

const isKnown = (scope: Scope, state: TraceState): boolean => {
  const known = kept().get(`${scope.tenantId} ${state.id}`)
  if (known === undefined || known.version !== state.version) return false
  state.spans = known.spans
  return true
}

/** The traces themselves, without what is known of their spans. */
export const readPlaces = async (
  scope: Pick<Scope, 'rows'>,
  ids: readonly string[],
): Promise<Map<string, TraceState>> =>
  new Map(
    (await scope.rows(findSpanTraces, { ids: JSON.stringify(ids) })).map((row) => [String(row['id']), stateOf(row)]),
  )

// The version is read before the spans: what changes in between is found out by the claim.
export const readStates = async (scope: Scope, ids: readonly string[]): Promise<Map<string, TraceState>> => {
  const states = await readPlaces(scope, ids)
  const open = [...states.values()].filter((state) => refusalOf(scope, state) === null)
  const unread = open.filter((state) => !isKnown(scope, state)).map(({ id }) => id)
  if (unread.length === 0) return states
  for (const row of await scope.rows(findLightSpans, { ids: JSON.stringify(unread) })) {
    const light = lightOfRow(row)
    states.get(String(row['traceId']))?.spans.set(light.spanId, light)
  }
  return states
}

export const keyOf = (span: Pick<SpanRecord, 'traceId' | 'spanId'>): string => `${span.traceId} ${span.spanId}`

export const readSpans = async (
  scope: Pick<Scope, 'rows'>,
  keys: readonly (readonly [traceId: string, spanId: string])[],
): Promise<Map<string, StoredSpan>> => {
  if (keys.length === 0) return new Map()
  const rows = await scope.rows(findSpans, { keys: JSON.stringify(keys) })
  return new Map(rows.map(spanOfRow).map((span) => [keyOf(span), span]))
}
