import type { Identity, Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { DAEMON_CREDENTIAL } from './identities'
import { type StoredKey, tenantOwner } from './store'
import { mayActIn } from './tenant-choice'

type Grant = {
  scopes: readonly string[]
  workspaceIds: readonly string[]
  allowedTenants: readonly string[]
  tenantMode: string
}

const refuseScopes = (who: Identity, scopes: readonly string[]): void => {
  const beyond = who.plane === 'service' ? scopes.filter((scope) => ![...who.scopes].some((own) => own === scope)) : []
  if (beyond.length === 0) return
  throw new Problem('permission_denied', 'A key cannot grant scopes that it does not hold.', { scopes: beyond })
}

export const refuseWorkspaces = ({ workspaceIds: fence }: Identity, workspaces: readonly string[]): void => {
  const outside = fence === null ? [] : workspaces.filter((workspace) => !fence.includes(workspace))
  if (fence !== null && (workspaces.length === 0 || outside.length > 0)) {
    throw new Problem('workspace_access_denied', undefined, { workspace_ids: outside })
  }
}

const mayOpenTenants = (who: Identity): boolean =>
  who.credentialId === DAEMON_CREDENTIAL || (who.plane === 'ops' && who.permissions.has('tenant:manage'))

const refuseTenants = (who: Identity, tenants: readonly string[]): void => {
  const beyond = tenants.filter((tenant) => !mayActIn(who, tenant))
  if (beyond.length > 0) throw new Problem('tenant_access_denied', undefined, { tenants: beyond })
}

const refuseOpening = (who: Identity): void => {
  if (mayOpenTenants(who)) return
  const details = { permission: 'tenant:manage', role: who.role }
  throw new Problem('permission_denied', 'Only people with tenant:manage and the bootstrap key open tenants.', details)
}

// Nobody hands on what they do not hold themselves.
const refuseBeyond = ({ identity }: Scope, grant: Grant): void => {
  refuseScopes(identity, grant.scopes)
  refuseWorkspaces(identity, grant.workspaceIds)
  refuseTenants(identity, grant.allowedTenants)
}

export const refuseCreation = (scope: Scope, grant: Grant): void => {
  refuseBeyond(scope, grant)
  if (grant.allowedTenants.length > 0 || grant.tenantMode !== 'fixed') refuseOpening(scope.identity)
}

// Who rotates a key holds its secret afterwards, so the same limits apply; a key may always renew itself.
export const refuseRotation = (scope: Scope, key: StoredKey): void => {
  refuseBeyond(scope, key)
  if (key.tenantMode !== 'fixed' && scope.identity.createsTenantsAs !== tenantOwner(key)) refuseOpening(scope.identity)
}
