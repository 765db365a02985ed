import type { Identity } from '@/lib/core/scope'
import { TenantId } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { claimTenant, knownTenant } from './create-tenant'
import { SYSTEM_TENANT } from './failures'
import type { GuardVisit } from './guard-visit'
import { type Asked, oneOf } from './tenant-choice'

const invalid = (): never => {
  throw new Problem('invalid_request', 'The user_id cannot be a tenant.', {
    formErrors: [],
    fieldErrors: { user_id: ['must be 1 to 128 letters, digits or ._:@-'] },
  })
}

const userOf = (asked: Asked): string | undefined => {
  const given = [asked.query, asked.body].flat().filter((value) => value !== undefined)
  if (given.some((value) => !TenantId.safeParse(value).success)) invalid()
  return oneOf(asked, 'user_id')
}

const denied = (tenant: string): never => {
  throw new Problem('tenant_access_denied', undefined, { tenant_id: tenant })
}

// A user may be called like the key's home or like the system: neither may be reached by choosing a name.
const claimed = async (who: Identity, owner: string, tenant: string, visit: GuardVisit): Promise<string> => {
  if (tenant === who.tenantId || tenant === SYSTEM_TENANT) return denied(tenant)
  const { createdBy } = await claimTenant(tenant, { createdBy: owner, by: who, visit })
  return createdBy === owner ? tenant : denied(tenant)
}

// The tenant of such a call is the user it names, made at its first use; a tenant of another maker stays closed.
export const perUserTenant = async (
  who: Identity,
  owner: string,
  asked: { tenant: Asked; user: Asked },
  visit: GuardVisit,
): Promise<string> => {
  const user = userOf(asked.user)
  const tenant = oneOf(asked.tenant, 'tenant_id')
  if (user !== undefined && tenant !== undefined && user !== tenant) {
    throw new Problem('conflicting_fields', 'The tenant of this key is the user_id.', {
      tenant_id: tenant,
      user_id: user,
    })
  }
  if (user !== undefined) return claimed(who, owner, user, visit)
  if (tenant === undefined || tenant === who.tenantId) return who.tenantId
  return (await knownTenant(tenant))?.createdBy === owner ? tenant : denied(tenant)
}
