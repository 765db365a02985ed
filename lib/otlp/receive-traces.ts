import type { Scope } from '@/lib/core/scope'
import { ingestSpans, type SpanDraft } from '@/lib/tracing'
import { spendSpans, withRoom } from './backlog'
import { type DecodedTraces, decodeTraces, type Placed } from './decode-traces'
import { countOf, explain, faultRows } from './explain'
import { normalise } from './normalise'
import { withoutOwnRuns } from './own-runs'
import { type Fault, faultAt } from './raw-span'
import { receiver, type Source, type Taken } from './receive'
import { refusalsOf } from './refusals'
import { storing } from './store-failure'

const TRUNCATED = ['attributes_truncated', 'events_truncated']

type Mapped = { drafts: SpanDraft[]; places: Map<string, string>; faults: Fault[] }

const keyOf = ({ spanId }: { spanId: string }): string => spanId

const mapped = (scope: Scope, placed: readonly Placed[]): Mapped => {
  const out: Mapped = { drafts: [], places: new Map(), faults: [] }
  for (const { span, at } of placed) {
    try {
      out.drafts.push(normalise(span))
      out.places.set(keyOf(span), at)
    } catch (error) {
      // A fault of ours must not cost the neighbours of the span that met it.
      scope.log.error('span not mapped', { at, error })
      out.faults.push(faultAt('not_mapped', at))
    }
  }
  return out
}

const keep = async (scope: Scope, decoded: DecodedTraces, source: Source): Promise<Taken> => {
  spendSpans(scope.tenantId, decoded.spans.length)
  return withRoom(decoded.spans.length, () =>
    storing(async () => {
      const { kept, own } = await withoutOwnRuns(scope, decoded.spans)
      const { drafts, places, faults } = mapped(scope, kept)
      const known = [...decoded.faults, ...faults, ...own.map(({ at }) => faultAt('own_run', at))]
      const truncated = drafts.filter(({ flags }) => TRUNCATED.some((flag) => flags.includes(flag))).length
      if (drafts.length === 0 && known.length === 0) return { rejected: 0, message: decoded.warning ?? '' }
      const { rejected } = await ingestSpans(scope, drafts, { source, faults: faultRows(known), truncated })
      const all = [...known, ...refusalsOf(rejected, (spanId) => places.get(spanId) ?? 'unknown')]
      const message = all.length === 0 ? (decoded.warning ?? '') : explain(all, decoded.total)
      return { rejected: countOf(all), message }
    }),
  )
}

// The answer is sent after the spans are durable: whoever has it may forget them.
export const receiveTraces = receiver('traces', decodeTraces, keep)
