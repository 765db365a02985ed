import type { Budget } from '@/lib/governance/contract'

export const BUDGETS_TEXT =
  'Who may spend how much. Every step of every run is held against all of its budgets before it is made.'

export const PERIODS: Readonly<Record<Budget['period'], { label: string; each: string }>> = {
  daily: { label: 'Every day', each: 'a day' },
  weekly: { label: 'Every week, from Monday', each: 'a week' },
  monthly: { label: 'Every month', each: 'a month' },
  custom: { label: 'From one date to another', each: 'in all' },
}

export const SCOPE_KINDS = [
  { value: 'tenant', label: 'The whole tenant' },
  { value: 'workspace', label: 'A workspace' },
  { value: 'environment', label: 'An environment' },
  { value: 'role', label: 'A role of agents' },
  { value: 'user', label: 'A user' },
] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]['value']

export type ScopeParts = { kind: ScopeKind; name: string; workspace: string }

export const scopeParts = (scope: string): ScopeParts => {
  const at = scope.indexOf(':')
  const kind = SCOPE_KINDS.find(({ value }) => value === (at < 0 ? scope : scope.slice(0, at)))?.value ?? 'tenant'
  const rest = at < 0 ? '' : scope.slice(at + 1)
  const slash = kind === 'environment' ? rest.indexOf('/') : -1
  return slash < 0
    ? { kind, name: rest, workspace: '' }
    : { kind, name: rest.slice(slash + 1), workspace: rest.slice(0, slash) }
}

export const scopeOf = ({ kind, name, workspace }: ScopeParts): string => {
  if (kind === 'tenant') return 'tenant'
  return kind === 'environment' && workspace !== '' ? `environment:${workspace}/${name}` : `${kind}:${name}`
}

export const scopeName = (scope: string): string => {
  const { kind, name, workspace } = scopeParts(scope)
  if (kind === 'tenant') return 'Whole tenant'
  return workspace === '' ? name : `${name} of ${workspace}`
}

const KIND_WORDS: Readonly<Record<ScopeKind, string>> = {
  tenant: 'everything that is charged',
  workspace: 'workspace',
  environment: 'environment',
  role: 'role',
  user: 'user',
}

export const scopeKind = (scope: string): string => KIND_WORDS[scopeParts(scope).kind]

// The runs that count toward it. What the whole tenant spends is every run.
export const scopeTraces = (scope: string): Record<string, string> => {
  const { kind, name, workspace } = scopeParts(scope)
  if (kind === 'workspace') return { workspace_id: name }
  if (kind === 'role') return { agent_role: name }
  if (kind === 'user') return { user_id: name }
  if (kind === 'tenant') return {}
  return workspace === '' ? { environment: name } : { environment: name, workspace_id: workspace }
}
