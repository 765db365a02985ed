import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { refuseOutside } from '../load-bundle'
import { findByPrefix, findHead, type VersionRow } from './store'

const PREFIX = /^[0-9a-f]{8,64}$/

/** As versions are named on the wire. */
export const shortHash = (hash: string): string => hash.slice(0, 16)

/** The version of this workspace that these digits name; unknown, foreign and ambiguous are all not found. */
export const requireRow = async (scope: Scope, workspaceId: string, digits: string): Promise<VersionRow> => {
  refuseOutside(scope, workspaceId)
  if (digits === 'latest') return (await findHead(scope.db, workspaceId)) ?? missing('workspace version', digits)
  const prefix = digits.toLowerCase()
  if (!PREFIX.test(prefix)) return missing('workspace version', digits.slice(0, 64))
  const [row, other] = await findByPrefix(scope.db, workspaceId, prefix)
  return row && !other ? row : missing('workspace version', digits)
}

export const requireVersion = async (scope: Scope, workspaceId: string, prefix: string): Promise<{ hash: string }> => {
  const { hash } = await requireRow(scope, workspaceId, prefix)
  return { hash }
}

/** The version that was made last; null where there is none. */
export const latestVersion = async (scope: Scope, workspaceId: string): Promise<{ hash: string } | null> => {
  refuseOutside(scope, workspaceId)
  const head = await findHead(scope.db, workspaceId)
  return head && { hash: head.hash }
}
