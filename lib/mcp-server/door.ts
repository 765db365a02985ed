import { auditDenied } from '@/lib/auth'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { type Permission, rolesWith, type ServiceScope } from '@/lib/shared/rbac'

// What it takes to come in: a scope of keys, a permission of people. Without a scope no key does.
export type Door = { scope: ServiceScope | null; permission: Permission }

export const mayPass = ({ identity }: Scope, { scope, permission }: Door): boolean => {
  if (identity.plane === 'service') return scope !== null && identity.scopes.has(scope)
  return identity.plane === 'ops' && identity.permissions.has(permission)
}

const lacking = ({ identity }: Scope, { scope, permission }: Door): Record<string, unknown> =>
  identity.plane === 'service' && scope !== null
    ? { scope, scopes: [...identity.scopes] }
    : { permission, role: identity.role, required_roles: rolesWith(permission) }

export const assertMayPass = async (scope: Scope, door: Door): Promise<void> => {
  if (mayPass(scope, door)) return
  const { requestId, traceId, signal, log, identity } = scope
  const details = lacking(scope, door)
  await auditDenied({ requestId, traceId, signal, log, clientIp: '' }, identity, details)
  throw new Problem('permission_denied', undefined, details)
}
