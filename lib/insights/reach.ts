import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

// The part of the tenant that is read: one user's, and of some workspaces. null is all.
export type Part = { user: string | null; workspaces: readonly string[] | null }

/** A principal that is limited to workspaces asks for one of them, or is refused. */
export const partOf = (scope: Scope, wanted: string | undefined): Part => {
  const { user, workspaces } = reachOf(scope)
  if (wanted === undefined) return { user, workspaces }
  if (workspaces !== null && !workspaces.includes(wanted)) throw new Problem('workspace_access_denied')
  return { user, workspaces: [wanted] }
}

export const fenceOf = ({ user, workspaces }: Part) => ({
  user,
  workspaces: workspaces === null ? null : JSON.stringify(workspaces),
})
