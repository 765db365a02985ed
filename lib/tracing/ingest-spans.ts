import type { Scope } from '@/lib/core/scope'
import { type BatchResult, ingestBatch } from './ingest-batch'
import type { IngestCount, IngestFault } from './ingest-counters'
import type { Rejected } from './ingest-refusal'
import { cleanSpan } from './span-clean'
import type { SpanDraft } from './span-draft'
import { type SpanRecord, traceIdOf } from './span-record'
import { cleanWith, newShelf } from './span-shelf'
import { textsOf } from './span-text'

export type IngestAbout = {
  // The way they came in by: a path, a file.
  source: string
  // What was refused before it became a span, for the books.
  faults?: readonly IngestFault[]
  truncated?: number
}

export type IngestReply = { accepted: number; duplicates: number; rejected: Rejected[] }

const MOST_SPANS = 500
const MOST_WEIGHT = 4_000_000

const weightOf = ({ attributes, content }: SpanDraft): number =>
  1_000 + Object.keys(attributes).length * 200 + (content.input.length + content.output.length) * 300

// Spans of one trace stay together; what is more than one commit should hold is cut.
const portionsOf = (drafts: readonly SpanDraft[]): SpanDraft[][] => {
  const places = new Map<string, number>()
  for (const { traceId } of drafts) if (!places.has(traceId)) places.set(traceId, places.size)
  const placeOf = ({ traceId }: SpanDraft): number => places.get(traceId) ?? 0
  const sorted = places.size < 2 ? drafts : [...drafts].sort((a, b) => placeOf(a) - placeOf(b))
  const portions: SpanDraft[][] = []
  let weight = 0
  for (const draft of sorted) {
    const own = weightOf(draft)
    const last = portions.at(-1)
    if (last === undefined || last.length >= MOST_SPANS || weight + own > MOST_WEIGHT) {
      portions.push([draft])
      weight = own
    } else {
      last.push(draft)
      weight += own
    }
  }
  return portions
}

const faultCounts = ({ faults = [], truncated = 0 }: IngestAbout): IngestCount[] => [
  ...faults.map(({ reason, spans }): IngestCount => ({ outcome: 'rejected', reason, spans })),
  { outcome: 'truncated', reason: '', spans: truncated },
]

const ingestPortion = (
  scope: Scope,
  drafts: readonly SpanDraft[],
  about: IngestAbout,
  isFirst: boolean,
): Promise<BatchResult> => {
  const shelf = newShelf()
  const clean = cleanWith(scope.redaction)
  const texts = new Map<string, Set<string>>()
  const spans: SpanRecord[] = []
  for (const draft of drafts) {
    spans.push(cleanSpan(draft, shelf, clean))
    const id = traceIdOf(draft.traceId)
    const own = texts.get(id) ?? new Set()
    texts.set(id, own)
    for (const text of textsOf(draft, clean)) own.add(text)
  }
  return ingestBatch(scope, {
    source: about.source,
    spans,
    texts,
    bodies: shelf.packed(),
    counts: isFirst ? faultCounts(about) : [],
    faults: isFirst ? (about.faults ?? []) : [],
  })
}

// Whoever is answered has its spans on the disk. What comes twice is stored once.
export const ingestSpans = async (
  scope: Scope,
  drafts: readonly SpanDraft[],
  about: IngestAbout,
): Promise<IngestReply> => {
  const reply: IngestReply = { accepted: 0, duplicates: 0, rejected: [] }
  const portions = portionsOf(drafts)
  for (const [at, portion] of (portions.length === 0 ? [[]] : portions).entries()) {
    const result = await ingestPortion(scope, portion, about, at === 0)
    reply.accepted += result.accepted
    reply.duplicates += result.duplicates
    reply.rejected.push(...result.rejected)
  }
  return reply
}
