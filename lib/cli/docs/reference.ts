import { PROBLEMS } from '@/lib/shared/problem'
import { isPermission, PERMISSIONS, ROLES, rolesWith } from '@/lib/shared/rbac'
import { code, table } from './markdown'

export const problemTable = (): string =>
  table(
    ['Status', 'Code', 'Text'],
    Object.entries(PROBLEMS).map(([name, { status, text }]) => [String(status), code(name), text]),
  )

const title = (role: string) => role.replaceAll('_', ' ')

export const permissionTable = (): string =>
  table(
    ['Permission', 'Means', 'Reach', ...ROLES.map(title)],
    Object.keys(PERMISSIONS)
      .filter(isPermission)
      .map((permission) => {
        const { means, reach } = PERMISSIONS[permission]
        const holders = rolesWith(permission)
        return [code(permission), means, reach, ...ROLES.map((role) => (holders.includes(role) ? 'yes' : ''))]
      }),
  )
