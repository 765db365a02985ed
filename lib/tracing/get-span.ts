import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { SpanDetail } from './contract/spans'
import { keepsSteps } from './integrity'
import { findPlace, readKnown, readRun } from './list-spans'
import { maySee } from './may-see'
import { withEvents } from './span-events'
import { bareDetail } from './span-names'
import { presentSpan } from './span-present'
import { detailOfRoot, syntheticRoot } from './span-root'
import { readSlots } from './span-shelf'
import { slotsOf } from './span-slots'
import { readSpans } from './span-state'
import { aboutSpans } from './sql-read-spans'

type Found = { span: SpanDetail; known: ReadonlySet<string> }

const ofRun = async (scope: Scope, trace: string, id: string): Promise<Found> => {
  const { spans, known } = await readRun(scope, trace)
  const span = spans.find((one) => one.id === id) ?? missing('span')
  return { span, known }
}

const rootOf = async (scope: Scope, trace: string, id: string): Promise<SpanDetail> => {
  const root = await syntheticRoot(scope, trace, (await scope.rows(aboutSpans, { trace }))[0] ?? {})
  return root !== null && root.id === id ? detailOfRoot(root) : missing('span')
}

const ofStored = async (scope: Scope, trace: string, id: string): Promise<Found> => {
  const [span] = (await readSpans(scope, [[trace, id]])).values()
  const known = maySee(scope) ? new Set<string>() : await readKnown(scope, trace)
  if (span === undefined) return { span: await rootOf(scope, trace, id), known }
  const read = await readSlots(scope, slotsOf(span))
  return { span: await withEvents(scope, trace, presentSpan(span, read, span.receivedAt)), known }
}

// Whoever reads texts in the console leaves a row.
const noteReveal = async (scope: Scope, trace: string, spanId: string): Promise<void> => {
  if (scope.identity.plane !== 'ops') return
  const data = { by: 'span', span_id: spanId }
  await scope.command({ audit: [{ event: 'trace_revealed', entityId: trace, traceId: trace, data }] })
}

export const getSpan = async (scope: Scope, id: string, spanId: string): Promise<{ span: SpanDetail }> => {
  const place = await findPlace(scope, id)
  const wanted = spanId.toLowerCase()
  const { span, known } = await (keepsSteps(place.origin) ? ofRun : ofStored)(scope, place.id, wanted)
  if (!maySee(scope)) return { span: bareDetail(span, known) }
  await noteReveal(scope, place.id, wanted)
  return { span }
}
