import { emit } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { Receipt } from '../contract/receipt'
import { presentReceipt, stateOf } from './present'
import { mustFind } from './reach'
import { acknowledge, type ReceiptRow } from './store'

const refuseOwn = ({ identity }: Scope, row: ReceiptRow): string => {
  if (identity.userId !== null && identity.userId !== row.userId) return identity.userId
  throw new Problem(
    'permission_denied',
    'A second person acknowledges: nobody does so for an exception of their own.',
    {
      permission: 'override:use',
    },
  )
}

/** A second person has seen it. Once, and never the one who made it. */
export const acknowledgeReceipt = async (
  scope: Scope,
  id: string,
  { note }: { note?: string | undefined },
): Promise<{ status: 'ok'; receipt: Receipt }> => {
  const row = await mustFind(scope, id)
  const byId = refuseOwn(scope, row)
  if (row.acknowledgedAt !== null) throw new Problem('already_resolved', 'It was acknowledged before.')
  const at = scope.clock.now()
  const wasOverdue = stateOf(row, at) === 'overdue'
  const data = { kind: row.kind, action: row.action, made_by: row.actor, was_overdue: wasOverdue }
  await scope.mutate({ event: 'receipt_acknowledged', entityId: row.id, data }, async (db) => {
    const said = { at, by: scope.actor, byId, note: note === undefined ? null : scope.redaction.text(note) }
    if (!(await acknowledge(db, row.id, said)))
      throw new Problem('already_resolved', 'Somebody else acknowledged it just now.')
    await emit(db, 'receipt.acknowledged', { receipt_id: row.id, kind: row.kind, actor: scope.actor })
  })
  return { status: 'ok', receipt: presentReceipt(scope, await mustFind(scope, id)) }
}
