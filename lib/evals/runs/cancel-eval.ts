import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { RunState } from '../contract'
import { requireRun } from './find-eval'
import { changeStatus } from './store'
import { isEnded, tellCancelled, workRun } from './work-run'

/** Ends an evaluation. Asked again, it says the same. */
export const cancelEval = async (scope: Scope, id: string): Promise<{ status: 'ok'; id: string; state: RunState }> => {
  const row = await requireRun(scope, id)
  if (row.status === 'cancelled' || row.status === 'cancelling') return { status: 'ok', id: row.id, state: row.status }
  if (isEnded(row)) throw new Problem('already_resolved', 'The evaluation has come to its end.', { state: row.status })
  const about = {
    event: 'eval_run' as const,
    entityId: row.id,
    workspaceId: row.workspaceId,
    data: { eval_id: row.id, phase: 'cancelling', dataset: row.datasetName },
  }
  await scope.mutate(about, async (db) => {
    const isChanged = await changeStatus(db, row.id, ['queued', 'running'], { status: 'cancelling' })
    if (!isChanged) throw new Problem('already_resolved', 'The evaluation has come to its end.')
  })
  tellCancelled(scope, row.id)
  // Where nobody works on it, it is over now.
  await workRun(scope, row.id, AbortSignal.abort())
  const after = await requireRun(scope, row.id)
  return { status: 'ok', id: row.id, state: after.status as RunState }
}
