import type { Scope } from '@/lib/core/scope'
import { settleExpired } from './settle-decision'
import { overdueDecisions } from './store'

const AT_ONCE = 200

export type Expired = { checked: number; ids: string[] }

/** Ends what nobody decided, and what nobody used, in time. Safe to run anywhere and as often as one likes. */
export const expireDecisions = async (scope: Scope): Promise<Expired> => {
  const ids: string[] = []
  const rows = await overdueDecisions(scope.db, scope.clock.now(), AT_ONCE)
  for (const row of rows) if (await settleExpired(scope, row)) ids.push(row.id)
  return { checked: rows.length, ids }
}
