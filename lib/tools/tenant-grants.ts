import type { Scope } from '@/lib/core/scope'
import type { TenantGrants } from './permission'
import { readSettings } from './store'

// A token can only narrow what the settings of its tenant allow.
export const tenantGrants = async (scope: Scope): Promise<TenantGrants> => {
  const { allowed, denied } = await readSettings(scope)
  const { allowedTools: claim } = scope.identity
  return { allowed, denied, ...(claim === undefined ? {} : { claim }) }
}
