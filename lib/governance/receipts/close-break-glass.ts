import { emit } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import type { Receipt } from '../contract/receipt'
import { presentReceipt } from './present'
import { mustFind } from './reach'
import { closeWindow } from './store'

/** Ends a window before its time; anybody may who could open one. It is over in every process from the commit on. */
export const closeBreakGlass = async (scope: Scope, id: string): Promise<{ status: 'ok'; receipt: Receipt }> => {
  const row = await mustFind(scope, id)
  if (row.kind !== 'break_glass') missing('receipt')
  const now = scope.clock.now()
  const data = { opened_by: row.actor, expires_at: row.expiresAt?.toISOString() ?? null }
  await scope.mutate({ event: 'break_glass_closed', entityId: row.id, data }, async (db) => {
    if (!(await closeWindow(db, row.id, now))) throw new Problem('already_resolved', 'The window is over already.')
    await emit(db, 'break_glass.closed', { receipt_id: row.id, actor: scope.actor })
  })
  return { status: 'ok', receipt: presentReceipt(scope, await mustFind(scope, id)) }
}
