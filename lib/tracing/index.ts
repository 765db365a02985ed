// The record of every run: what it was given, each of its steps in a chain of hashes, and what came of it.
// Nothing is stored here that was not redacted at this door.

export {
  type AgedTrace,
  agedTraces,
  countTracesBefore,
  oldestTraceAt,
  staleBefore,
  weighTraces,
} from './aging/aged-traces'
export { dropFreeBodies, type Freed, NOTHING_FREED, plusFreed, youngSince } from './aging/drop-bodies'
export { previewBodies } from './aging/preview-bodies'
export {
  deleteLooseEvents,
  dropUnusedSnapshots,
  findLooseEvents,
  findUnusedSnapshots,
  freeBodies,
} from './aging/sweep'
export { deleteTraces, idsAsking, reduceTraces, type Taken } from './aging/take-traces'
export { annotateTrace, listAnnotations } from './annotate-trace'
export { bodyWrites, packText, readBodies } from './bodies'
export { type ArmSums, sumArms } from './compare-arms'
export { longestCommon } from './diff/lcs'
export { diffTraces } from './diff-traces'
export { exportTraces, traceLines } from './export-traces'
export { narrow } from './filter'
export { foundBefore } from './found-before'
export { getSpan } from './get-span'
export { getTrace, getTraceDetail, revealTrace } from './get-trace'
export { ingestHealth } from './ingest-health'
export { ingestSpans } from './ingest-spans'
export { labelTrace } from './label-trace'
export { listSessions } from './list-sessions'
export { listSpans } from './list-spans'
export { listTraces, listTracesForOps } from './list-traces'
export { pauseWrites, resumeWrites } from './pause-run'
export { type RecordedStep, readRecord, type TraceRecord } from './read-record'
export { type RunSpans, readRunSpans } from './read-run-spans'
export {
  type ExternalTrace,
  externalCostWrites,
  externalTraceWrites,
  externalTurn,
  violationWrite,
} from './record-external'
export {
  correctionWrites,
  type Delivery,
  deliveryWrites,
  type EndRisk,
  endWrites,
  type RunKind,
  startWrites,
  stepWrites,
  type TraceEnd,
} from './record-run'
export { addToRollup, durationBucketOf, takeFromRollup } from './rollup'
export { changeView, listViews, removeView, saveView } from './saved-views'
export {
  SPAN_KINDS,
  type SpanDraft,
  type SpanKind,
  type SpanMessage,
  type SpanPart,
  type SpanUsage,
} from './span-draft'
export { ingestSpanEvents, type SpanEventDraft } from './span-events'
export { type ChainHead, createStepChain, type KnownFinds, type StepChain } from './step-chain'
export { isTraceTaken } from './store'
export { type Group, sumsBy } from './store-stats'
export { getTraceRisk } from './trace-risk'
export { traceStats, traceStatsForOps } from './trace-stats'
export { tracesByEntity, tracesByLabel } from './traces-by'
export { userNames } from './user-name'
