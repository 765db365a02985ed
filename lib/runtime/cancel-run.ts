import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { endPaused } from './end-paused'
import { findPaused } from './pause-sql'
import { openPaused } from './paused-state'

const CANCELLED = { code: 'cancelled', message: 'The run was cancelled while it waited for an approval.' }

const findTrace = (scope: Scope, id: string) =>
  scope.db.trace.findUnique({
    where: { tenantId_id: { tenantId: scope.db.tenantId, id } },
    select: { id: true, status: true, workspaceId: true, userId: true },
  })

const refuse = (status: string): never => {
  throw new Problem('version_conflict', 'Only a run that waits for an approval can be cancelled.', { status })
}

/** Ends a run that waits. What it waits for is closed with it; what it did so far stays done and charged. */
export const cancelRun = async (scope: Scope, wished: string) => {
  const found = await findTrace(scope, wished.toLowerCase())
  const row = found !== null && isInReach(scope, found) ? found : missing('trace')
  const [kept] = await scope.rows(findPaused, { id: row.id })
  if (row.status !== 'paused' || !kept) return refuse(row.status)
  const state = openPaused(scope.tenantId, row.id, kept['state'])
  const hold = { traceId: row.id, by: `cancel:${scope.requestId}` }
  const ended = await endPaused(scope, hold, { status: 'cancelled', failure: CANCELLED, state })
  if (ended !== 'done') return refuse('running')
  return { status: 'ok' as const, trace_id: row.id }
}
