import type { z } from 'zod'
import type { Identity, Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { Me, WhoAmI } from './contract'
import { bumpRevocation, dropGuards } from './revocation'
import { findSession, listTenantsOf } from './store'
import { mayActIn } from './tenant-choice'

const sessionOf = async ({ identity }: Scope): Promise<Me['session']> => {
  const session = identity.sessionId ? await findSession(identity.tenantId, identity.sessionId) : null
  return session ? { expires_at: toWire(session.expiresAt), idle_expires_at: toWire(session.idleExpiresAt) } : null
}

const windowOf = ({ identity }: Scope): Me['break_glass'] => {
  const { breakGlassId: id, breakGlassUntil: until, opened } = identity
  if (id === undefined || until === undefined) return null
  return { id, permissions: [...(opened ?? [])].sort(), expires_at: toWire(until) }
}

const allowedOf = ({ identity }: Scope): string[] =>
  identity.allowedTenants === '*' ? [] : [...identity.allowedTenants]

export const me = async (scope: Scope): Promise<z.input<typeof Me>> => {
  const { identity } = scope
  const workspaces = identity.workspaceIds === null ? null : [...identity.workspaceIds]
  return {
    user: {
      id: identity.userId ?? identity.actor,
      name: identity.name ?? null,
      email: identity.email ?? null,
      role: identity.role,
      roles: [...identity.roles],
      tenant_id: identity.tenantId,
      workspace_id: workspaces?.[0] ?? null,
      allowed_tenants: allowedOf(scope),
    },
    permissions: [...identity.permissions].sort(),
    scope: { tenants: [identity.tenantId, ...allowedOf(scope)], workspaces },
    active_tenant_id: scope.tenantId,
    session: await sessionOf(scope),
    break_glass: windowOf(scope),
  }
}

const MAX_TENANTS = 1_000

const reachOf = async ({ createsTenantsAs: owner, allowedTenants }: Identity): Promise<string[] | '*'> => {
  if (owner !== undefined) return listTenantsOf(owner, MAX_TENANTS)
  return allowedTenants === '*' ? '*' : [...allowedTenants]
}

export const whoAmI = async ({ identity, tenantId }: Scope): Promise<z.input<typeof WhoAmI>> => ({
  plane: identity.plane === 'job' ? 'internal' : identity.plane,
  actor: identity.actor,
  tenant_id: tenantId,
  allowed_tenants: await reachOf(identity),
  tenant_mode: identity.createsTenantsAs === undefined ? 'fixed' : 'per_user',
  workspace_ids: identity.workspaceIds === null ? null : [...identity.workspaceIds],
  scopes: [...identity.scopes],
  permissions: [...identity.permissions].sort(),
})

// Kept in the session's row, not in the cookie: every tab and every instance follows.
export const switchTenant = async (
  scope: Scope,
  tenant: string,
): Promise<{ status: 'ok'; active_tenant_id: string }> => {
  const { identity } = scope
  const id = identity.sessionId
  if (!id) throw new Problem('invalid_request', 'Only a browser session can switch; send X-Tenant-ID instead.')
  if (!mayActIn(identity, tenant)) throw new Problem('tenant_access_denied', undefined, { tenant_id: tenant })
  const data = { action: 'tenant_switched', to: tenant }
  try {
    await scope.mutate({ event: 'auth_success', entityId: id, data }, async (db) => {
      await db.opsSession.updateMany({ where: { id, revokedAt: null }, data: { activeTenantId: tenant } })
      await bumpRevocation(db)
    })
  } finally {
    dropGuards()
  }
  return { status: 'ok', active_tenant_id: tenant }
}
