import { TenantId } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { highestRole, isRole, ROLES, type Role } from '@/lib/shared/rbac'

export type ClaimRules = {
  roles: string
  tenant: string
  workspace: string
  allowedTenants: string
  defaultRole: Role | null
}

export type Claims = Readonly<Record<string, unknown>>

export type Person = {
  userId: string
  tenantId: string
  workspaceId: string | null
  allowedTenants: readonly string[]
  role: Role
  roles: readonly Role[]
  name: string | null
  email: string | null
}

const MAX_LIST = 200

const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (claims: Claims, key: string): unknown => (Object.hasOwn(claims, key) ? claims[key] : undefined)

// The whole name is tried first: some providers issue claims whose names are URLs with dots in them.
const claimAt = (claims: Claims, path: string): unknown => {
  const direct = own(claims, path)
  if (direct !== undefined) return direct
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), claims)
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

const listOf = (value: unknown): string[] => {
  const parts = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : []
  return [...new Set(parts.map(textOf).filter((part) => part !== null))].slice(0, MAX_LIST)
}

// Azure leaves the groups out of a token that would carry too many and points to another address instead.
const refuseOverage = (claims: Claims, rules: ClaimRules): void => {
  const elsewhere = own(claims, '_claim_names')
  const first = rules.roles.split('.')[0] ?? rules.roles
  if (!isObject(elsewhere) || !(Object.hasOwn(elsewhere, first) || Object.hasOwn(elsewhere, 'groups'))) return
  throw new Problem(
    'no_role',
    'The identity provider left the groups out of the token because there are too many. Issue application roles instead of groups, or limit the groups to those assigned to Clasper.',
    { reason: 'groups_overage', claim: rules.roles },
  )
}

const rolesOf = (claims: Claims, rules: ClaimRules): Role[] => {
  const named = [...listOf(claimAt(claims, rules.roles)), ...listOf(own(claims, 'role'))].map((role) =>
    role.toLowerCase(),
  )
  const known = ROLES.filter((role) => named.includes(role))
  if (known.length > 0) return known
  refuseOverage(claims, rules)
  if (rules.defaultRole && isRole(rules.defaultRole)) return [rules.defaultRole]
  throw new Problem('no_role', undefined, { claim: rules.roles, known_roles: ROLES })
}

// What a claim names becomes an identifier here, so it must be one.
const tenantOf = (claims: Claims, rules: ClaimRules): string => {
  const tenant = textOf(claimAt(claims, rules.tenant)) ?? required(rules.tenant)
  if (TenantId.safeParse(tenant).success) return tenant
  throw new Problem('invalid_token', `The claim ${rules.tenant} is not a tenant id.`, { reason: 'claim_tenant' })
}

const required = (claim: string): never => {
  throw new Problem('missing_claim', `The token lacks the claim ${claim}.`, { claim })
}

export const hasRolesClaim = (claims: Claims, rules: ClaimRules): boolean =>
  listOf(claimAt(claims, rules.roles)).length > 0 || listOf(own(claims, 'role')).length > 0

// Which claims say what is configuration; what they may say is decided here, at sign-in and at every re-check.
export const personFrom = (claims: Claims, rules: ClaimRules): Person => {
  const userId = textOf(own(claims, 'user_id')) ?? textOf(own(claims, 'sub')) ?? required('sub')
  const tenantId = tenantOf(claims, rules)
  const roles = rolesOf(claims, rules)
  const role = highestRole(roles) ?? required(rules.roles)
  const allowed = role === 'admin' ? listOf(claimAt(claims, rules.allowedTenants)) : []
  return {
    userId,
    tenantId,
    workspaceId: textOf(claimAt(claims, rules.workspace)),
    allowedTenants: allowed.filter((tenant) => tenant !== tenantId && TenantId.safeParse(tenant).success),
    role,
    roles,
    name: textOf(own(claims, 'name')),
    email: textOf(own(claims, 'email')),
  }
}
