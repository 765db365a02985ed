import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import { mayReadAll } from '../audit-filter'
import type { ReceiptActs } from '../contract/receipt'
import { presentReceipt } from './present'
import { mustFind } from './reach'
import { actsWithin } from './sql'
import { type ReceiptRow, timeValue } from './store'

const MOST_ACTS = 500

type Found = Pick<ReceiptActs, 'acts' | 'acts_capped'>

const endOf = ({ closedAt, expiresAt, createdAt }: ReceiptRow): Date => closedAt ?? expiresAt ?? createdAt

const actsOf = async (scope: Scope, row: ReceiptRow): Promise<Found> => {
  const rows = await scope.rows(actsWithin, {
    user: row.userId,
    ...timeValue('start', row.createdAt),
    ...timeValue('end', endOf(row)),
    window: `%"break_glass_id":"${row.id}"%`,
    limit: MOST_ACTS + 1,
  })
  const acts = rows.slice(0, MOST_ACTS).map((act) => ({
    seq: Number(act['seq']),
    event_type: String(act['eventType']),
    entity_id: act['entityId'] === null ? null : String(act['entityId']),
    created_at: toWire(dateOf(act['createdAt'] as string | Date)),
  }))
  return { acts, acts_capped: rows.length > MOST_ACTS }
}

export const getReceipt = async (scope: Scope, id: string): Promise<ReceiptActs> => {
  const row = await mustFind(scope, id)
  if (row.kind !== 'break_glass' || row.userId === null)
    return { receipt: presentReceipt(scope, row), acts: [], acts_capped: false }
  if (scope.identity.userId !== row.userId) mayReadAll(scope)
  return { receipt: presentReceipt(scope, row), ...(await actsOf(scope, row)) }
}
