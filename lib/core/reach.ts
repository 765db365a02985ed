import type { Scope } from './scope'

type Row = { workspaceId: string; userId: string | null }

// Whose rows of the tenant a caller may see: null is everybody's. A tenant token acts for one user and reads as one.
export const reachOf = ({ identity }: Scope) => ({
  workspaces: identity.workspaceIds,
  user: identity.plane === 'service' ? identity.userId : null,
})

export const isInReach = (scope: Scope, row: Row): boolean => {
  const { workspaces, user } = reachOf(scope)
  return (workspaces === null || workspaces.includes(row.workspaceId)) && (user === null || user === row.userId)
}

// The backend reads what it sent itself; of people, those whose role holds the permission. Whoever opened it by a
// break-glass window gives a reason for every payload instead.
export const seesTexts = ({ identity }: Scope): boolean =>
  identity.plane === 'service' ||
  (identity.permissions.has('trace:reveal') && identity.opened?.has('trace:reveal') !== true)
