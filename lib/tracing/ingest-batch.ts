import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import type { Packed } from './bodies'
import { countWrites, faultWrites, type IngestCount, type IngestFault } from './ingest-counters'
import { type Rejected, refusalOf, refusedCounts, refusedFaults } from './ingest-refusal'
import { committedBodies } from './recorded'
import { planTrace, type TracePlan } from './span-plan'
import type { SpanRecord } from './span-record'
import { keepSpans, readSpans, readStates } from './span-state'
import { addTexts } from './span-text'
import { planWrites } from './span-writes'
import { inTurn } from './trace-turns'

export type Batch = {
  source: string
  spans: readonly SpanRecord[]
  // Searchable words by trace.
  texts: ReadonlyMap<string, ReadonlySet<string>>
  bodies: readonly Packed[]
  counts: readonly IngestCount[]
  faults: readonly IngestFault[]
}

export type BatchResult = { accepted: number; duplicates: number; rejected: Rejected[] }

const MOST_TRIES = 40

const byTrace = (spans: readonly SpanRecord[]): Map<string, SpanRecord[]> => {
  const groups = new Map<string, SpanRecord[]>()
  for (const span of spans) {
    const group = groups.get(span.traceId)
    if (group) group.push(span)
    else groups.set(span.traceId, [span])
  }
  return groups
}

type Planned = { plans: TracePlan[]; duplicates: number; rejected: Rejected[] }

const planAll = async (scope: Scope, groups: ReadonlyMap<string, SpanRecord[]>): Promise<Planned> => {
  const states = await readStates(scope, [...groups.keys()])
  const known = [...groups].flatMap(([id, spans]) =>
    spans.flatMap(({ spanId }) => (states.get(id)?.spans.has(spanId) ? [[id, spanId] as const] : [])),
  )
  const stored = await readSpans(scope, known)
  const planned: Planned = { plans: [], duplicates: 0, rejected: [] }
  for (const [id, spans] of groups) {
    const state = states.get(id) ?? null
    const refusal = state === null ? null : refusalOf(scope, state)
    if (refusal !== null) planned.rejected.push(...spans.map(({ spanId }) => ({ spanId, reason: refusal })))
    else {
      const plan = planTrace(id, spans, state, stored)
      planned.duplicates += plan.duplicates
      if ('id' in plan) planned.plans.push(plan)
    }
  }
  return planned
}

const textsFor = (plans: readonly TracePlan[], batch: Batch): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const { id, state } of plans) {
    const text = addTexts(state?.text ?? '', batch.texts.get(id) ?? [])
    if (text !== null) texts.set(id, text)
  }
  return texts
}

const bodyKey = (scope: Scope, { hash }: Packed): string => `${scope.tenantId} ${hash}`

const writesOf = (scope: Scope, batch: Batch, { plans, duplicates, rejected }: Planned, accepted: number) => {
  const fresh = plans.length === 0 ? [] : batch.bodies.filter((body) => !committedBodies().has(bodyKey(scope, body)))
  const counts: IngestCount[] = [
    { outcome: 'accepted', reason: '', spans: accepted },
    { outcome: 'duplicate', reason: '', spans: duplicates },
    ...refusedCounts(rejected),
    ...batch.counts,
  ]
  const version = `rev:${uuidv7(scope.clock.now().getTime())}`
  return {
    fresh,
    version,
    writes: [
      ...planWrites(scope, plans, version, textsFor(plans, batch), fresh),
      ...countWrites(scope, batch.source, counts),
      ...faultWrites(scope, batch.source, [...refusedFaults(rejected), ...batch.faults]),
    ],
  }
}

const CONFLICTS: readonly string[] = ['40001', '40P01']

const isConflict = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && CONFLICTS.includes(String(error.code))

const tryOnce = async (scope: Scope, batch: Batch, groups: Map<string, SpanRecord[]>): Promise<BatchResult | null> => {
  const planned = await planAll(scope, groups)
  const accepted = planned.plans.reduce((sum, plan) => sum + plan.accepted, 0)
  const { fresh, version, writes } = writesOf(scope, batch, planned, accepted)
  const done = await scope.command({ audit: [], writes }).catch((error: unknown) => {
    if (isConflict(error)) return { applied: false }
    throw error
  })
  if (!done.applied) return null
  for (const body of fresh) committedBodies().set(bodyKey(scope, body), true)
  for (const { id, lights } of planned.plans) keepSpans(scope, id, version, lights)
  return { accepted, duplicates: planned.duplicates, rejected: planned.rejected }
}

// Read, merge, write: refused and begun again when another process was faster.
export const ingestBatch = (scope: Scope, batch: Batch): Promise<BatchResult> => {
  const groups = byTrace(batch.spans)
  const keys = [...groups.keys()].map((id) => `${scope.tenantId} ${id}`)
  return inTurn(keys, async () => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const result = await tryOnce(scope, batch, groups)
      if (result !== null) return result
    }
    throw new Problem('unavailable', 'The trace is written to by too many at once')
  })
}
