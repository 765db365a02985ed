import { createKey } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import type { Issuer } from '@/lib/core/testing/issuer'
import { newTenant, type TestTenant } from '@/lib/core/testing/kernel'
import type { Guard } from '@/lib/shared/contract'
import { PERMISSIONS, ROLES, type Role, SERVICE_SCOPES, type ServiceScope } from '@/lib/shared/rbac'
import { adapterToken } from './adapter-samples'

export type Callers = {
  tenant: TestTenant
  headersFor(guard: Guard): Promise<Record<string, string>>
  tooWeakFor(guard: Guard): Promise<Record<string, string> | null>
  as(role: Role): Promise<Record<string, string>>
  withScopes(scopes: readonly ServiceScope[]): Promise<Record<string, string>>
}

// One tenant with every kind of credential, made by the product's own verbs.
export const callersOf = async (issuer: Issuer, name: string): Promise<Callers> => {
  const tenant = await newTenant(name)
  const keys = new Map<string, string>()

  const withScopes = async (scopes: readonly ServiceScope[]) => {
    const id = scopes.join()
    const known = keys.get(id)
    const secret =
      known ??
      (await createKey(tenant.scope, { name: id, scopes: [...scopes], workspace_ids: [], expires_in_days: 1 })).secret
    keys.set(id, secret)
    return { 'x-agent-daemon-key': secret }
  }

  const as = async (role: Role) => ({
    authorization: `Bearer ${await issuer.token({ sub: `${role}@${tenant.id}`, tenant_id: tenant.id, roles: [role] })}`,
  })

  const headersFor = async (guard: Guard): Promise<Record<string, string>> => {
    if (guard.kind === 'service' || guard.kind === 'anyone') return withScopes(SERVICE_SCOPES)
    if (guard.kind === 'ingest') return withScopes(['ingest'])
    if (guard.kind === 'ops') return as('admin')
    if (guard.kind === 'adapter') return { 'x-adapter-token': adapterToken(tenant.id) }
    if (guard.kind === 'internal') return { 'x-internal-token': kernel().env.INTERNAL_API_TOKEN }
    return {}
  }

  const tooWeakFor = async (guard: Guard): Promise<Record<string, string> | null> => {
    if (guard.kind === 'service')
      return withScopes(SERVICE_SCOPES.filter((scope) => scope !== guard.scope && scope !== 'admin'))
    if (guard.kind === 'ingest')
      return withScopes(SERVICE_SCOPES.filter((scope) => !['ingest', 'admin'].includes(scope)))
    if (guard.kind !== 'ops' || guard.permission === null) return null
    const below = ROLES[ROLES.indexOf(PERMISSIONS[guard.permission].from) - 1]
    return below ? as(below) : null
  }

  return { tenant, headersFor, tooWeakFor, as, withScopes }
}
