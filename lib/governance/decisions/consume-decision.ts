import type { CommandAudit, Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { consumeOne } from './sql'
import { type DecisionRow, findDecision } from './store'
import { hashOfToken } from './token'

export type Use = {
  id: string
  // Of the action that is about to be done, taken anew from what is really there.
  actionHash: string
  // What an external agent shows; our own runs hold none.
  token?: string
  adapterId?: string
  by: string
}

/** For the command that also says what the approval is used for: refused as a whole where it cannot be used. */
export const consumeWrite = (scope: Pick<Scope, 'clock'>, use: Use): CommandWrite => ({
  statement: consumeOne,
  guard: true,
  rows: [
    {
      id: use.id,
      hash: use.actionHash,
      token: use.token === undefined ? '' : hashOfToken(use.token),
      adapter: use.adapterId ?? '',
      by: use.by,
      now: storedTime(scope.clock.now()),
    },
  ],
})

export const consumedAudit = (row: DecisionRow, by: string): CommandAudit => ({
  event: 'approval_grant_consumed',
  entityId: row.id,
  workspaceId: row.workspaceId,
  ...(row.traceId === null ? {} : { traceId: row.traceId }),
  data: {
    decision_id: row.id,
    tool: row.tool,
    action_hash: row.actionHash,
    used_by: by,
    approved_by: row.resolvedBy,
    ...(row.executionId === null ? {} : { execution_id: row.executionId }),
    ...(row.adapterId === null ? {} : { adapter_id: row.adapterId }),
  },
})

/** True for the one who may act now: once, for this very action, by whom it was given to, and in time. */
export const consumeDecision = async (scope: Scope, use: Use): Promise<boolean> => {
  const row = await findDecision(scope.db, use.id)
  if (row?.status !== 'approved' || row.usedAt !== null) return false
  const { applied } = await scope.command({
    audit: [consumedAudit(row, use.by)],
    writes: [consumeWrite(scope, use)],
  })
  return applied
}
