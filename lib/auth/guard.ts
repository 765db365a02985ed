import { kernel } from '@/lib/core/kernel'
import { freshRules, knowRules } from '@/lib/core/redaction/tenant'
import { createScope, type Identity, type Scope } from '@/lib/core/scope'
import type { Contract, Guard } from '@/lib/shared/contract'
import { isProblem, Problem } from '@/lib/shared/problem'
import { type Permission, rolesWith, type ServiceScope } from '@/lib/shared/rbac'
import { adapterHolder } from './adapter-token'
import { auditDenied, auditFailure } from './failures'
import { opsIdentity } from './guard-ops'
import { bearerOf, ingestIdentity, serviceIdentity } from './guard-service'
import type { GuardVisit } from './guard-visit'
import { verifyAgentToken } from './hmac-token'
import { agentIdentity, internalIdentity } from './identities'
import { perUserTenant } from './per-user-tenant'
import { sameSecret } from './service-key'
import { sessionCookie } from './session-cookie'
import { publicUrl } from './settings'
import { type Asked, chooseTenant, chooseWorkspace } from './tenant-choice'

const agentHolder = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const token = request.headers.get('x-agent-token')
  if (!token) throw new Problem('missing_token', 'X-Agent-Token is required.')
  const { env, clock } = kernel()
  try {
    const rules = { secret: env.AGENT_JWT_SECRET, algorithm: env.AGENT_JWT_ALGORITHM }
    return agentIdentity(await verifyAgentToken(token, rules, clock))
  } catch (error) {
    if (isProblem(error) && error.code === 'missing_token')
      await auditFailure(visit, { method: 'agent_token', reason: 'refused' })
    throw error
  }
}

const internalHolder = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const token = request.headers.get('x-internal-token')
  if (!token) throw new Problem('missing_credentials', 'X-Internal-Token is required.')
  const { INTERNAL_API_TOKEN: expected } = kernel().env
  if (expected === '') throw new Problem('not_configured', 'INTERNAL_API_TOKEN is not set.')
  if (sameSecret(token, expected)) return internalIdentity()
  await auditFailure(visit, { method: 'internal_token', reason: 'wrong' })
  throw new Problem('invalid_token', 'The internal token is not valid.', { reason: 'wrong_key' })
}

const isHmac = (token: string): boolean => {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))
    return typeof header === 'object' && header !== null && 'alg' in header && /^HS/.test(String(header.alg))
  } catch {
    return false
  }
}

// The credential itself says which plane it belongs to; it is then judged by that plane's own rules.
const anyHolder = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const { headers } = request
  if (headers.get('x-agent-daemon-key')) return serviceIdentity(request, visit)
  if (headers.get('x-agent-token')) return agentHolder(request, visit)
  if (headers.get('x-internal-token')) return internalHolder(request, visit)
  if (headers.get('x-adapter-token')) return adapterHolder(request, visit)
  const bearer = bearerOf(request)
  const isOperator = bearer ? bearer.split('.').length >= 3 && !isHmac(bearer) : false
  if (bearer) return isOperator ? opsIdentity(request, visit) : serviceIdentity(request, visit)
  if (headers.get('x-ops-api-key') || sessionCookie(request, publicUrl()) !== null) return opsIdentity(request, visit)
  throw new Problem('missing_credentials')
}

const requireScope = async (visit: GuardVisit, identity: Identity, scope: ServiceScope): Promise<void> => {
  if (identity.scopes.has(scope)) return
  const details = { scope, scopes: [...identity.scopes] }
  await auditDenied(visit, identity, details)
  throw new Problem('permission_denied', `The key lacks the scope ${scope}.`, details)
}

const requirePermission = async (
  visit: GuardVisit,
  identity: Identity,
  permission: Permission | null,
): Promise<void> => {
  if (permission === null || identity.permissions.has(permission)) return
  const details = { permission, role: identity.role, required_roles: rolesWith(permission) }
  await auditDenied(visit, identity, details)
  throw new Problem('permission_denied', undefined, details)
}

const heldBy = async (request: Request, guard: Guard, visit: GuardVisit): Promise<Identity | null> => {
  switch (guard.kind) {
    case 'public':
      return null
    case 'service': {
      const identity = await serviceIdentity(request, visit)
      await requireScope(visit, identity, guard.scope)
      return identity
    }
    case 'ops': {
      const identity = await opsIdentity(request, visit)
      await requirePermission(visit, identity, guard.permission)
      return identity
    }
    case 'agent':
      return agentHolder(request, visit)
    case 'internal':
      return internalHolder(request, visit)
    case 'ingest': {
      const identity = await ingestIdentity(request, visit)
      await requireScope(visit, identity, 'ingest')
      return identity
    }
    case 'adapter':
      return adapterHolder(request, visit)
    case 'anyone':
      return anyHolder(request, visit)
  }
}

// Who is this, and may they use this door? Throws; null only for doors that are open to everybody.
export const identify = (request: Request, guard: Guard, visit: GuardVisit): Promise<Identity | null> =>
  heldBy(request, guard, visit)

export type Opening = {
  contract: Contract
  request: Request
  visit: GuardVisit
  input: { params?: unknown; query?: unknown; body?: unknown; sent?: unknown }
}

const fieldOf = (value: unknown, ...names: string[]): unknown => {
  if (typeof value !== 'object' || value === null) return undefined
  return names.map((name) => Reflect.get(value, name)).find((found) => found !== undefined)
}

const askedOf = (
  { request, input }: Opening,
  query: string,
  camel: string,
  header: string | null,
  params?: unknown,
): Asked => {
  const search = request.url.includes('?') ? new URL(request.url).searchParams : null
  return {
    query: [...(search?.getAll(query) ?? []), ...(search?.getAll(camel) ?? []), params].filter(
      (value) => value !== undefined,
    ),
    body: fieldOf(input.sent ?? input.body, query, camel),
    header: header === null ? undefined : (request.headers.get(header) ?? undefined),
  }
}

// Fenced to the tenant that was found, so that nothing behind the door looks any further.
const perUser = async (identity: Identity, owner: string, opening: Opening, tenant: Asked) => {
  const user = askedOf(opening, 'user_id', 'userId', null)
  const tenantId = await perUserTenant(identity, owner, { tenant, user }, opening.visit)
  return { tenantId, identity: { ...identity, allowedTenants: tenantId === identity.tenantId ? [] : [tenantId] } }
}

// A window opens one tenant. Only admins act in others, and they have none; should that ever change, this door stays shut.
const refuseElsewhere = ({ breakGlassId, tenantId: home }: Identity, tenantId: string): void => {
  if (breakGlassId === undefined || tenantId === home) return
  throw new Problem('tenant_access_denied', 'A break-glass window is open in one tenant alone.', {
    tenant_id: tenantId,
  })
}

const placed = async (identity: Identity, opening: Opening): Promise<{ tenantId: string; identity: Identity }> => {
  if (opening.contract.actsIn === 'home' || opening.contract.guard.kind === 'ingest')
    return { tenantId: identity.tenantId, identity }
  const asked = askedOf(opening, 'tenant_id', 'tenantId', 'x-tenant-id')
  if (identity.createsTenantsAs !== undefined) return perUser(identity, identity.createsTenantsAs, opening, asked)
  const tenantId = chooseTenant(identity, asked, identity.activeTenantId)
  refuseElsewhere(identity, tenantId)
  return { tenantId, identity }
}

// From an identity and what the caller asked for to the one tenant in which the verb will act.
export const openScope = async (holder: Identity, opening: Opening): Promise<Scope> => {
  const { visit, contract, input } = opening
  const home = contract.actsIn === 'home'
  const isIngest = contract.guard.kind === 'ingest'
  const inPath = fieldOf(input.params, 'workspaceId', 'workspace_id')
  const workspaces = isIngest ? {} : askedOf(opening, 'workspace_id', 'workspaceId', 'x-workspace-id', inPath)
  const workspaceId = home ? undefined : chooseWorkspace(holder.workspaceIds, workspaces)
  const { tenantId, identity } = await placed(holder, opening)
  if (contract.method === 'GET') await knowRules()
  else await freshRules(tenantId)
  return createScope({
    identity,
    tenantId,
    ...(workspaceId === undefined ? {} : { workspaceId }),
    requestId: visit.requestId,
    traceId: visit.traceId,
    ...(visit.correlationId === undefined ? {} : { correlationId: visit.correlationId }),
    isTraceWished: visit.isTraceWished ?? false,
    onRetrace: (id) => {
      visit.traceId = id
    },
    signal: visit.signal,
    log: visit.log.child({ tenant: tenantId }),
  })
}
