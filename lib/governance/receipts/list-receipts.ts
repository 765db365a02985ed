import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { encodeCursor } from '@/lib/shared/page'
import type { ReceiptFilter, ReceiptPage } from '../contract/receipt'
import { presentReceipt } from './present'
import { reachOf } from './reach'
import { type Conditions, countWhere, findReceipts, timeValue } from './store'

const stateGiven = (scope: Scope, state: ReceiptFilter['state']): Conditions => {
  if (state === undefined) return {}
  return state === 'overdue' ? { overdue: timeValue('now', scope.clock.now()) } : { [state]: {} }
}

const given = (scope: Scope, { kind, state, user_id: user, cursor }: ReceiptFilter): Conditions => ({
  ...(kind === undefined ? {} : { kind: { kind } }),
  ...(user === undefined ? {} : { user: { user } }),
  ...stateGiven(scope, state),
  ...(cursor === undefined ? {} : { before: { ...timeValue('before_at', dateOf(cursor[0])), before_id: cursor[1] } }),
  ...reachOf(scope),
})

export const countWaiting = async (scope: Scope): Promise<{ open: number; overdue: number }> => {
  const reach = reachOf(scope)
  const [open, overdue] = await Promise.all([
    countWhere(scope, { open: {}, ...reach }),
    countWhere(scope, { overdue: timeValue('now', scope.clock.now()), ...reach }),
  ])
  return { open, overdue }
}

export const listReceipts = async (scope: Scope, filter: ReceiptFilter): Promise<ReceiptPage> => {
  const { limit } = filter
  const [rows, counts] = await Promise.all([findReceipts(scope, given(scope, filter), limit + 1), countWaiting(scope)])
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = rows.length > limit
  return {
    receipts: shown.map((row) => presentReceipt(scope, row)),
    has_more: hasMore,
    limit,
    next_cursor: hasMore && last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
    counts,
  }
}
