import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { mayRead } from '../audit-filter'
import { dataOf } from './present'
import { type Conditions, findReceipt, type ReceiptRow } from './store'

// A tenant token acts for a user of the backend; what people of the console do is none of that user's business.
const isOneUser = ({ identity }: Scope): boolean => identity.plane === 'service' && identity.userId !== null

/** What a caller may see of the tenant's receipts, as conditions of a list. */
export const reachOf = (scope: Scope): Conditions => {
  mayRead(scope)
  const { workspaceIds, userId } = scope.identity
  if (isOneUser(scope)) return { fence: { me: null, workspaces: '[]' } }
  if (workspaceIds === null) return {}
  return { fence: { me: userId, workspaces: JSON.stringify(workspaceIds) } }
}

const isInReach = ({ identity }: Scope, row: ReceiptRow): boolean => {
  if (identity.workspaceIds === null) return true
  if (identity.userId !== null && identity.userId === row.userId) return true
  const place = dataOf(row).workspace_id
  return typeof place === 'string' && identity.workspaceIds.includes(place)
}

export const mustFind = async (scope: Scope, id: string): Promise<ReceiptRow> => {
  mayRead(scope)
  const row = await findReceipt(scope.db, id.toLowerCase())
  return row !== null && isInReach(scope, row) ? row : missing('receipt')
}
