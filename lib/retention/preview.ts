import type { Scope } from '@/lib/core/scope'
import { previewBodies, weighTraces, youngSince } from '@/lib/tracing'
import { dueBatches } from './due-batches'
import { mayGoOn, type Pass } from './pass'

export type Effect = { traces_deleted: number; traces_reduced: number; bytes_reclaimed: number }

/** What a pass would do. Of a trace that is only reduced all texts are counted, though a few words of each stay. */
export const previewPass = async (scope: Scope, pass: Pass): Promise<Effect> => {
  const bodies = previewBodies(scope, youngSince(scope))
  const counts = { delete: 0, reduce: 0 }
  let bytes = 0
  for await (const { action, ids } of dueBatches(scope, pass.plan, pass.tally.left)) {
    if (!mayGoOn(pass)) break
    const weight = await weighTraces(scope, ids)
    await bodies.add(ids)
    counts[action] += ids.length
    bytes += action === 'delete' ? weight.bytes : weight.payloads
  }
  return { traces_deleted: counts.delete, traces_reduced: counts.reduce, bytes_reclaimed: bytes + bodies.bytes() }
}
