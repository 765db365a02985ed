import type { Fault } from './raw-span'

const REFUSALS: Readonly<Record<string, string>> = {
  own_run: 'the trace is a run of this server, recorded here already',
  trace_full: 'the trace has as many spans as a trace may have; begin another one',
  trace_reduced: 'retention has reduced the trace; it takes nothing more',
  out_of_reach: 'the trace belongs to a workspace that this key does not reach',
}

type Rejected = { spanId: string; reason: string }

/** What the store did not take, in words for the sender. */
export const refusalsOf = (rejected: readonly Rejected[], placeOf: (spanId: string) => string): Fault[] =>
  rejected.map(({ spanId, reason }) => ({
    reason: 'refused',
    text: REFUSALS[reason] ?? reason,
    at: placeOf(spanId),
    spans: 1,
  }))
