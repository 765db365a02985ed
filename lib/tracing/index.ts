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
export { bodyRows, bodyWrites, packText, readBodies } from './bodies'
export { getTrace, getTraceDetail, revealTrace } from './get-trace'
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
export { createStepChain, type StepChain } from './step-chain'
export { isTraceTaken } from './store'
