import type { Reservation } from './lines'

// Whose money it is: the budgets that a call counts toward, in the order in which they are asked.
export type Payer = Pick<Reservation, 'workspaceId' | 'environment' | 'role' | 'userId'>

export const WHOLE_TENANT = 'tenant'

export const keysOf = ({ workspaceId, environment, role, userId }: Payer): string[] => [
  WHOLE_TENANT,
  `workspace:${workspaceId}`,
  `environment:${environment}`,
  `environment:${workspaceId}/${environment}`,
  ...(role === null ? [] : [`role:${role}`]),
  ...(userId === null ? [] : [`user:${userId}`]),
]

const RANKS = ['tenant', 'workspace', 'environment', 'role', 'user']

const rankOf = (key: string): number => {
  const [kind = ''] = key.split(':')
  return RANKS.indexOf(kind) + (kind === 'environment' && key.includes('/') ? 0.5 : 0)
}

export const byRank = (a: string, b: string): number => rankOf(a) - rankOf(b) || (a < b ? -1 : a > b ? 1 : 0)

export type BudgetSubject =
  | { kind: 'tenant' | 'none' }
  | { kind: 'workspace'; workspaceId: string }
  | { kind: 'environment'; environment: string; workspaceId: string | null }
  | { kind: 'role'; role: string }
  | { kind: 'user'; userId: string }

export const subjectOf = (key: string): BudgetSubject => {
  const at = key.indexOf(':')
  const [kind, name] = at < 0 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)]
  if (kind === 'tenant') return { kind }
  if (kind === 'workspace') return { kind, workspaceId: name }
  if (kind === 'role') return { kind, role: name }
  if (kind === 'user') return { kind, userId: name }
  if (kind !== 'environment') return { kind: 'none' }
  const slash = name.indexOf('/')
  return slash < 0
    ? { kind, environment: name, workspaceId: null }
    : { kind, environment: name.slice(slash + 1), workspaceId: name.slice(0, slash) }
}
