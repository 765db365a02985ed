import { createScope, type Identity, type Scope } from '@/lib/core/scope'
import { SYSTEM_TENANT } from './failures'
import { listTenants, listTenantsOf } from './store'

const MOST = 10_000

const namedBy = ({ allowedTenants, createsTenantsAs }: Identity): Promise<readonly string[]> => {
  if (createsTenantsAs !== undefined) return listTenantsOf(createsTenantsAs, MOST)
  return listTenants(allowedTenants === '*' ? null : allowedTenants, MOST)
}

/** A scope for each tenant that the caller may act in and that there is: its home first, never the service's own. */
export const tenantScopes = async (scope: Scope): Promise<Scope[]> => {
  const { identity, requestId, traceId, signal, log } = scope
  const others = (await namedBy(identity)).filter((id) => id !== SYSTEM_TENANT)
  return [...new Set([identity.tenantId, ...others])].map((tenantId) =>
    createScope({ identity, tenantId, requestId, traceId, signal, log: log.child({ tenant: tenantId }) }),
  )
}
