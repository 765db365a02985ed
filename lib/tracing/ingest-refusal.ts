import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { IngestCount, IngestFault } from './ingest-counters'

// Why a trace takes nothing from others, whatever the way it comes by.

type Refused = 'own_run' | 'trace_reduced' | 'trace_full' | 'out_of_reach'
export type Rejected = { spanId: string; reason: Refused }

type Place = { origin: string; storage: string; workspaceId: string; userId: string | null; spanCount: number }

// Each portion of a trace is counted together with all of it, so one that never ends would cost more and more.
const MOST_SPANS = 100_000

// A run of our own cannot be told by others what it did, and what retention took away does not come back in parts.
export const refusalOf = (scope: Scope, { origin, storage, workspaceId, userId, spanCount }: Place): Refused | null => {
  if (origin !== 'otlp') return 'own_run'
  if (storage !== 'full') return 'trace_reduced'
  const { workspaceIds } = scope.identity
  if (workspaceIds !== null && !isInReach(scope, { workspaceId, userId })) return 'out_of_reach'
  return spanCount < MOST_SPANS ? null : 'trace_full'
}

const REFUSALS: Readonly<Record<Refused, string>> = {
  own_run: 'The trace is a run of this server: what it did is recorded here already.',
  trace_full: 'The trace has as many spans as a trace may have.',
  trace_reduced: 'Retention has reduced the trace: it takes nothing more.',
  out_of_reach: 'The trace belongs to a workspace that this key does not reach.',
}

const countsOf = (rejected: readonly Rejected[]): Map<Refused, number> => {
  const counts = new Map<Refused, number>()
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}

export const refusedCounts = (rejected: readonly Rejected[]): IngestCount[] =>
  [...countsOf(rejected)].map(([reason, spans]) => ({ outcome: 'rejected', reason, spans }))

export const refusedFaults = (rejected: readonly Rejected[]): IngestFault[] =>
  [...countsOf(rejected)].map(([reason, spans]) => ({ reason, message: REFUSALS[reason], spans }))
