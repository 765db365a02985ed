import { kernel } from '@/lib/core/kernel'
import type { Identity } from '@/lib/core/scope'
import { type Permission, permissionsOf, ROLES, type Role, SERVICE_SCOPES, type ServiceScope } from '@/lib/shared/rbac'
import type { AdapterClaims } from './adapter-claims'
import type { Person } from './claims'
import type { AgentClaims, TenantClaims } from './hmac-token'
import { type StoredKey, type StoredSession, tenantOwner } from './store'

export const DAEMON_CREDENTIAL = 'key:daemon'

const NO_PERMISSIONS: ReadonlySet<Permission> = new Set()
const NO_SCOPES: ReadonlySet<ServiceScope> = new Set()
const BY_ROLE = new Map(ROLES.map((role) => [role, new Set(permissionsOf(role)) as ReadonlySet<Permission>]))

const permissionsFor = (role: Role | null): ReadonlySet<Permission> => (role && BY_ROLE.get(role)) ?? NO_PERMISSIONS

const nobody = { role: null, roles: [], permissions: NO_PERMISSIONS, scopes: NO_SCOPES } as const

export const keyIdentity = (key: StoredKey): Identity => ({
  ...nobody,
  plane: 'service',
  actor: `service:${key.name}`,
  userId: null,
  tenantId: key.tenantId,
  ...(key.tenantMode === 'fixed'
    ? { allowedTenants: key.allowedTenants }
    : { allowedTenants: [], createsTenantsAs: tenantOwner(key) }),
  workspaceIds: key.workspaceIds.length > 0 ? key.workspaceIds : null,
  scopes: new Set(key.scopes),
  credentialId: `key:${key.id}`,
  name: key.name,
})

const daemonReach = (): Pick<Identity, 'allowedTenants' | 'createsTenantsAs'> =>
  kernel().env.CLASPER_DAEMON_TENANT_MODE === 'fixed'
    ? { allowedTenants: daemonTenants() }
    : { allowedTenants: [], createsTenantsAs: DAEMON_CREDENTIAL }

const daemonTenants = (): readonly string[] | '*' => {
  const { CLASPER_DAEMON_ALLOWED_TENANTS: tenants } = kernel().env
  return tenants.includes('*') ? '*' : tenants
}

export const daemonIdentity = (): Identity => {
  const { env } = kernel()
  const scopes = SERVICE_SCOPES.filter((scope) => scope !== 'prompt:override' || env.CLASPER_ALLOW_PROMPT_OVERRIDE)
  return {
    ...nobody,
    plane: 'service',
    actor: 'service:daemon',
    userId: null,
    tenantId: env.CLASPER_DEFAULT_TENANT_ID,
    ...daemonReach(),
    workspaceIds: null,
    scopes: new Set(scopes),
    credentialId: DAEMON_CREDENTIAL,
    name: 'daemon',
  }
}

// A tenant token acts for one user of one tenant: it runs and reads, nothing else.
export const tenantTokenIdentity = (claims: TenantClaims): Identity => ({
  ...nobody,
  plane: 'service',
  actor: `user:${claims.userId}`,
  userId: claims.userId,
  tenantId: claims.tenantId,
  allowedTenants: [],
  workspaceIds: [claims.workspaceId],
  scopes: new Set<ServiceScope>(['run', 'read']),
  credentialId: `tenant-token:${claims.tenantId}:${claims.userId}`,
  ...claims.grants,
})

export const agentIdentity = (claims: AgentClaims): Identity => {
  const tenantId = claims.tenantId ?? kernel().env.CLASPER_DEFAULT_TENANT_ID
  return {
    ...nobody,
    plane: 'agent',
    actor: `agent:${claims.agentRole}`,
    userId: claims.userId,
    tenantId,
    allowedTenants: [],
    workspaceIds: null,
    credentialId: `agent:${tenantId}:${claims.userId}:${claims.agentRole}`,
  }
}

// What it may do is what the registry, this list and the policies all allow.
export const adapterIdentity = (claims: AdapterClaims): Identity => ({
  ...nobody,
  plane: 'adapter',
  actor: `adapter:${claims.adapterId}`,
  userId: claims.userId,
  tenantId: claims.tenantId,
  allowedTenants: [],
  workspaceIds: [claims.workspaceId],
  credentialId: `adapter:${claims.tenantId}:${claims.adapterId}`,
  adapter: {
    id: claims.adapterId,
    capabilities: claims.capabilities,
    ...(claims.environment === undefined ? {} : { environment: claims.environment }),
  },
})

export const internalIdentity = (): Identity => ({
  ...nobody,
  plane: 'internal',
  actor: 'system:dispatcher',
  userId: null,
  tenantId: kernel().env.CLASPER_DEFAULT_TENANT_ID,
  allowedTenants: daemonTenants(),
  workspaceIds: null,
  credentialId: 'internal',
})

export const personIdentity = (person: Person, credentialId: string): Identity => ({
  plane: 'ops',
  actor: `user:${person.userId}`,
  userId: person.userId,
  tenantId: person.tenantId,
  allowedTenants: person.allowedTenants,
  workspaceIds: person.workspaceId === null ? null : [person.workspaceId],
  role: person.role,
  roles: person.roles,
  permissions: permissionsFor(person.role),
  scopes: NO_SCOPES,
  credentialId,
  ...(person.name === null ? {} : { name: person.name }),
  ...(person.email === null ? {} : { email: person.email }),
})

export const sessionIdentity = (session: StoredSession): Identity => {
  const role = ROLES.findLast((candidate) => session.roles.includes(candidate)) ?? null
  return {
    plane: 'ops',
    actor: `user:${session.userId}`,
    userId: session.userId,
    tenantId: session.tenantId,
    activeTenantId: session.activeTenantId,
    allowedTenants: role === 'admin' ? session.allowedTenants : [],
    workspaceIds: session.workspaceId === null ? null : [session.workspaceId],
    role,
    roles: session.roles,
    permissions: permissionsFor(role),
    scopes: NO_SCOPES,
    credentialId: `session:${session.id}`,
    sessionId: session.id,
    ...(session.name === null ? {} : { name: session.name }),
    ...(session.email === null ? {} : { email: session.email }),
  }
}

export const systemIdentity = (actor: string, tenantId: string): Identity => ({
  ...nobody,
  plane: 'internal',
  actor,
  userId: null,
  tenantId,
  allowedTenants: [],
  workspaceIds: null,
  credentialId: actor,
})
