export const ROLES = ['viewer', 'operator', 'release_manager', 'admin'] as const
export type Role = (typeof ROLES)[number]

type Grant = { from: Role; reach: 'tenant' | 'service'; means: string }

// The one matrix: a permission is held by the role named in `from` and by every role after it in ROLES.
export const PERMISSIONS = {
  'trace:view': { from: 'viewer', reach: 'tenant', means: 'List and open traces without raw payloads' },
  'workspace:view': { from: 'viewer', reach: 'tenant', means: 'See workspaces, versions and environments' },
  'skill:view': { from: 'viewer', reach: 'tenant', means: 'See the skill registry' },
  'dashboard:view': { from: 'viewer', reach: 'tenant', means: 'See the overview and the dashboards' },
  'eval:view': { from: 'viewer', reach: 'tenant', means: 'See evaluations' },
  'trace:annotate': { from: 'operator', reach: 'tenant', means: 'Annotate traces' },
  'trace:diff': { from: 'operator', reach: 'tenant', means: 'Compare traces' },
  'trace:label': { from: 'operator', reach: 'tenant', means: 'Label traces' },
  'trace:replay': { from: 'operator', reach: 'tenant', means: 'Replay runs' },
  'budget:view': { from: 'operator', reach: 'tenant', means: 'See budgets' },
  'retention:view': { from: 'operator', reach: 'tenant', means: 'See retention policies' },
  'audit:view': { from: 'operator', reach: 'tenant', means: 'Read, verify and export the audit log' },
  'policy:view': { from: 'operator', reach: 'tenant', means: 'See policies' },
  'adapter:view': { from: 'operator', reach: 'tenant', means: 'See external agents' },
  'agent:run': { from: 'operator', reach: 'tenant', means: 'Try agents out in the playground' },
  'eval:run': { from: 'operator', reach: 'tenant', means: 'Run evaluations' },
  'system:view': { from: 'operator', reach: 'tenant', means: 'See versions, jobs and health' },
  'workspace:promote': { from: 'release_manager', reach: 'tenant', means: 'Promote between environments' },
  'workspace:rollback': { from: 'release_manager', reach: 'tenant', means: 'Roll an environment back' },
  'workspace:edit': { from: 'release_manager', reach: 'tenant', means: 'Save workspace versions' },
  'budget:modify': { from: 'release_manager', reach: 'tenant', means: 'Set budgets' },
  'retention:modify': { from: 'release_manager', reach: 'tenant', means: 'Set retention and erase payloads' },
  'policy:manage': { from: 'release_manager', reach: 'tenant', means: 'Write policies' },
  'decision:resolve': { from: 'release_manager', reach: 'tenant', means: 'Approve or refuse actions' },
  'adapter:manage_keys': { from: 'release_manager', reach: 'tenant', means: 'Manage keys of external agents' },
  'override:use': { from: 'release_manager', reach: 'tenant', means: 'Pass a refused check with a receipt' },
  'skill:publish': { from: 'release_manager', reach: 'tenant', means: 'Publish skills' },
  'workspace:lock': { from: 'admin', reach: 'tenant', means: 'Lock and unlock environments' },
  'skill:promote': { from: 'admin', reach: 'tenant', means: 'Change the state of skills' },
  'trace:reveal': { from: 'admin', reach: 'tenant', means: 'See raw payloads' },
  'key:manage': { from: 'admin', reach: 'tenant', means: 'Create, rotate and revoke API keys' },
  'tenant:manage': { from: 'admin', reach: 'service', means: 'Act in other allowed tenants; see service-wide events' },
  'job:manage': { from: 'admin', reach: 'tenant', means: 'Retry or discard dead jobs' },
} as const satisfies Record<string, Grant>

export type Permission = keyof typeof PERMISSIONS

// What a break-glass window never opens, and why.
export const NEVER_OPENED = {
  'tenant:manage': 'It reaches beyond the tenant, and a window belongs to one tenant',
  'key:manage': 'A key that is made in a window outlives it',
  'override:use': 'Whoever opens a window holds it, and nobody else gets it that way',
} as const satisfies Partial<Record<Permission, string>>

export const mayBeOpened = (permission: Permission): boolean => !Object.hasOwn(NEVER_OPENED, permission)

export const SERVICE_SCOPES = ['run', 'read', 'write', 'ingest', 'admin', 'prompt:override'] as const
export type ServiceScope = (typeof SERVICE_SCOPES)[number]

export const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value)

export const isPermission = (value: string): value is Permission => Object.hasOwn(PERMISSIONS, value)

export const rolesWith = (permission: Permission): Role[] => ROLES.slice(ROLES.indexOf(PERMISSIONS[permission].from))

export const permissionsOf = (role: Role): Permission[] =>
  Object.keys(PERMISSIONS)
    .filter(isPermission)
    .filter((permission) => rolesWith(permission).includes(role))
    .sort()

export const highestRole = (roles: readonly string[]): Role | undefined =>
  ROLES.findLast((role) => roles.includes(role))
