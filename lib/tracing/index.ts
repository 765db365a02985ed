// The record of every run: what it was given, each of its steps in a chain of hashes, and what came of it.
// Nothing is stored here that was not redacted at this door.

export {
  type AgedTrace,
  agedTraces,
  countTracesBefore,
  oldestTraceAt,
  type Storage,
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
export { deleteTraces, reduceTraces, type Taken } from './aging/take-traces'
export { annotateTrace, listAnnotations } from './annotate-trace'
export { bodyRows, bodyWrites, packText, readBodies } from './bodies'
export { exportTraces } from './export-traces'
export { getTrace, getTraceDetail, revealTrace } from './get-trace'
export { type IngestAbout, type IngestReply, ingestSpans } from './ingest-spans'
export { labelTrace } from './label-trace'
export { listSessions } from './list-sessions'
export { listTraces, listTracesForOps } from './list-traces'
export {
  correctionWrites,
  type Delivery,
  deliveryWrites,
  endWrites,
  type RunKind,
  startWrites,
  stepWrites,
  type TraceEnd,
  textWrite,
} from './record-run'
export { readInputs } from './recorded'
export { addToRollup, durationBucketOf, durationOfBucket, takeFromRollup } from './rollup'
export { changeView, listViews, removeView, saveView } from './saved-views'
export { createStepChain, type StepChain } from './step-chain'
export { isTraceTaken } from './store'
export { traceStats, traceStatsForOps } from './trace-stats'
export { tracesByEntity, tracesByLabel } from './traces-by'
