import { withCost } from './span-cost'
import { isPricedAlike, mergeSpans } from './span-merge'
import type { SpanRecord } from './span-record'
import { type StoredSpan, storedJson } from './span-row'
import { keyOf, lightOf, type TraceState } from './span-state'
import { type LightSpan, type TraceTotals, totalsOf } from './span-totals'

// What has to be written for new spans of one trace, given all that is known of it. Pure.

export type TracePlan = {
  id: string
  state: TraceState | null
  totals: TraceTotals
  spans: readonly StoredSpan[]
  // Those that came before and count otherwise now.
  changed: readonly { spanId: string; isCounting: boolean }[]
  lights: Map<string, LightSpan>
  accepted: number
  duplicates: number
}

const isSame = (a: SpanRecord, b: SpanRecord): boolean => storedJson(a) === storedJson(b)

type Stored = ReadonlyMap<string, StoredSpan>
type Folded = { spans: Map<string, SpanRecord>; accepted: number; duplicates: number }

const mergedWith = (before: SpanRecord, incoming: SpanRecord): SpanRecord => {
  const merged = mergeSpans(before, incoming)
  return withCost(merged, before.computedNanoUsd !== null && isPricedAlike(before, merged))
}

const bare = ({ isCounting: _, receivedAt: __, ...span }: StoredSpan): SpanRecord => span

const fold = (incoming: readonly SpanRecord[], stored: Stored): Folded => {
  const folded: Folded = { spans: new Map(), accepted: 0, duplicates: 0 }
  for (const span of incoming) {
    const own = stored.get(keyOf(span))
    const before = folded.spans.get(span.spanId) ?? (own === undefined ? undefined : bare(own))
    const after = before === undefined ? withCost(span, false) : mergedWith(before, span)
    if (before !== undefined && isSame(before, after)) {
      folded.duplicates++
      continue
    }
    folded.accepted++
    folded.spans.set(span.spanId, after)
  }
  return folded
}

export const planTrace = (
  id: string,
  incoming: readonly SpanRecord[],
  state: TraceState | null,
  stored: Stored,
): TracePlan | { duplicates: number } => {
  const { spans, accepted, duplicates } = fold(incoming, stored)
  const lights = new Map(state?.spans ?? [])
  for (const span of spans.values()) lights.set(span.spanId, lightOf(span, false))
  const counted = accepted === 0 ? null : totalsOf([...lights.values()])
  if (counted === null) return { duplicates }
  const { totals, counting } = counted
  const changed: { spanId: string; isCounting: boolean }[] = []
  for (const light of lights.values()) {
    const isCounting = counting.has(light.spanId)
    if (light.isCounting === isCounting) continue
    lights.set(light.spanId, { ...light, isCounting })
    if (!spans.has(light.spanId)) changed.push({ spanId: light.spanId, isCounting })
  }
  const whole = [...spans.values()].map((span) => ({
    ...span,
    isCounting: counting.has(span.spanId),
    receivedAt: null,
  }))
  return { id, state, totals, spans: whole, changed, lights, accepted, duplicates }
}
