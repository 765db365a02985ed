import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { isRole, ROLES } from '@/lib/shared/rbac'
import type { Verdict } from './decision'
import { roleFor } from './decision-writes'
import type { DecisionRow } from './store'

export const effectiveStatus = (
  { status, expiresAt, usedAt }: Pick<DecisionRow, 'status' | 'expiresAt' | 'usedAt'>,
  now: Date,
): string => {
  const isOver = expiresAt !== null && expiresAt <= now
  return isOver && usedAt === null && (status === 'pending' || status === 'approved') ? 'expired' : status
}

// Names change and can be the same; ids do not and are not. Whom the run speaks for has asked as well.
const hasAsked = (row: DecisionRow, { identity }: Scope): boolean =>
  row.requestedBy === identity.actor || row.requestedById === identity.userId || row.userId === identity.userId

const rankOf = (role: string | null): number => (isRole(role) ? ROLES.indexOf(role) : -1)

// A role that nobody knows is a role that nobody has.
const hasRole = ({ requiredRole }: DecisionRow, { identity: { role } }: Scope): boolean =>
  role !== null && isRole(requiredRole) && rankOf(role) >= rankOf(requiredRole)

/** What was approved in one role is not approved where the rules ask for a higher one by now. */
export const isEnoughFor = ({ requiredRole }: Pick<DecisionRow, 'requiredRole'>, verdict: Verdict): boolean =>
  rankOf(requiredRole) >= rankOf(roleFor({ verdict }))

export const stillOpen = (row: DecisionRow, now: Date): Problem | null => {
  const status = effectiveStatus(row, now)
  if (status === 'pending') return null
  return status === 'expired'
    ? new Problem('decision_expired', undefined, { status })
    : new Problem('already_resolved', undefined, { status })
}

/** Why this person may not approve it, or null. */
export const whyNotApprove = (scope: Scope, row: DecisionRow): Problem | null => {
  const { identity } = scope
  if (identity.plane !== 'ops' || identity.userId === null || !identity.permissions.has('decision:resolve'))
    return new Problem('permission_denied', 'Only a person who may resolve decisions can do this.', {
      permission: 'decision:resolve',
    })
  if (!hasRole(row, scope))
    return new Problem('permission_denied', 'This decision needs another role.', {
      required_role: row.requiredRole,
      role: identity.role,
    })
  if (kernel().env.profile !== 'demo' && hasAsked(row, scope))
    return new Problem('own_request', undefined, { requested_by: row.requestedBy })
  return null
}
