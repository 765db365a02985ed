import type { Scope } from '@/lib/core/scope'
import { decisionForAdapter } from '@/lib/governance'
import { missing } from '@/lib/shared/problem'
import { toWireOrNull } from '@/lib/shared/time'
import { currentAdapter, isOfHolder } from '../current-adapter'
import { grantedIn } from '../present'
import { type ExecutionRow, findExecution } from '../store'
import { replyIn } from './settle-execution'

/** An execution of this agent, where its token is for. Another agent's is not there. */
export const mustBeOwn = async (scope: Scope, id: string): Promise<ExecutionRow> => {
  const row = await findExecution(scope.db, id)
  return row !== null && isOfHolder(scope, row) ? row : missing('execution', id)
}

const EFFECTS = { approved: 'allow', denied: 'deny', expired: 'deny', pending: 'pending' } as const

// Only looked at: what was approved is used when the agent goes on.
export const effectOf = async (scope: Scope, row: ExecutionRow): Promise<'allow' | 'deny' | 'pending'> => {
  if (row.effect !== 'pending') return row.effect === 'allow' ? 'allow' : 'deny'
  const { status } = await decisionForAdapter(scope, row.decisionId)
  return status === 'allow' || status === 'deny' ? status : EFFECTS[status]
}

export const getExecution = async (scope: Scope, id: string) => {
  await currentAdapter(scope)
  const row = await mustBeOwn(scope, id)
  return {
    execution_id: row.id,
    effect: await effectOf(scope, row),
    decision_id: row.decisionId,
    approval_type: replyIn(row).approval_type,
    expires_at: toWireOrNull(row.expiresAt),
    granted_scope: grantedIn(row.grantedScope),
  }
}
