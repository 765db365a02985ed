import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { findRun, type RunRow } from './store'

/** A run that the caller may see. */
export const requireRun = async (scope: Scope, id: string): Promise<RunRow> => {
  const row = await findRun(scope.db, id.toLowerCase())
  const isSeen = row !== null && isInReach(scope, { workspaceId: row.workspaceId, userId: row.startedById })
  return isSeen ? row : missing('evaluation')
}
