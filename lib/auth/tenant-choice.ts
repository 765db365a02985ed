import { TenantId } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'

export type Asked = { query?: unknown; body?: unknown; header?: unknown }

const given = (asked: Asked): string[] =>
  [asked.query, asked.body, asked.header].flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isText)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const oneOf = (asked: Asked, field: string): string | undefined => {
  const values = [...new Set(given(asked))]
  if (values.length > 1) {
    throw new Problem('conflicting_fields', `${field} is given with different values.`, { field, values })
  }
  return values[0]
}

type Reach = { tenantId: string; allowedTenants: readonly string[] | '*' }

export const mayActIn = (who: Reach, tenant: string): boolean =>
  tenant === who.tenantId || who.allowedTenants === '*' || who.allowedTenants.includes(tenant)

// A star opens every tenant, but not every text is one.
const isTenant = (text: string): boolean => TenantId.safeParse(text).success

// What a caller says about the tenant is a wish to check, never the source of the scope.
export const chooseTenant = (who: Reach, asked: Asked, otherwise: string = who.tenantId): string => {
  const tenant = oneOf(asked, 'tenant_id') ?? otherwise
  if (mayActIn(who, tenant) && isTenant(tenant)) return tenant
  throw new Problem('tenant_access_denied', undefined, { tenant_id: tenant })
}

// null means every workspace of the tenant; a list is a fence.
export const chooseWorkspace = (allowed: readonly string[] | null, asked: Asked): string | undefined => {
  const workspace = oneOf(asked, 'workspace_id')
  if (allowed === null) return workspace
  if (workspace === undefined) return allowed.length === 1 ? allowed[0] : undefined
  if (allowed.includes(workspace)) return workspace
  throw new Problem('workspace_access_denied', undefined, { workspace_id: workspace })
}
