import type { Role } from '@/lib/shared/rbac'

const NAMES: Record<Role, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  release_manager: 'Release manager',
  admin: 'Admin',
}

export const roleName = (role: Role | null): string => (role ? NAMES[role] : 'No role')

const article = (name: string): string => (/^[aeiou]/i.test(name) ? 'an' : 'a')

// Roles are ordered, so the lowest one says it: whoever stands above holds the permission too.
export const needsRole = (roles: readonly Role[]): string => {
  const lowest = roles[0]
  if (!lowest) return 'a role that does not exist yet'
  const name = roleName(lowest).toLowerCase()
  return roles.length > 1 ? `${article(name)} ${name} or above` : `${article(name)} ${name}`
}
