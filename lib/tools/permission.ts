export type Patterns = readonly string[] | '*'

export type TenantGrants = {
  allowed: Patterns
  denied: readonly string[]
  // What the caller's token narrows the tenant to.
  claim?: Patterns
}

export type Grants = { skills: readonly string[]; tenant: TenantGrants }

export type Refusal = { layer: 'skills' | 'tenant' | 'catalogue' | 'policy' | 'arguments' | 'backend'; reason: string }

// `ns:*` stands for everything inside a namespace, never for the bare `ns` or `ns:`.
const fits = (pattern: string, name: string): boolean => {
  if (pattern === '*' || pattern === name) return true
  if (!pattern.endsWith(':*') || pattern.length < 3) return false
  const namespace = pattern.slice(0, -1)
  return name.length > namespace.length && name.startsWith(namespace)
}

export const permits = (patterns: Patterns, name: string): boolean =>
  patterns === '*' || patterns.some((pattern) => fits(pattern, name))

const tenantRefusal = ({ allowed, denied, claim }: TenantGrants, name: string): string | null => {
  if (permits(denied, name)) return 'the tenant denies it'
  if (!permits(allowed, name)) return 'the tenant does not allow it'
  return claim === undefined || permits(claim, name) ? null : 'the token of the caller does not allow it'
}

// Every layer must allow; who is asked first is named first.
export const refusalOf = ({ skills, tenant }: Grants, name: string): Refusal | null => {
  if (!permits(skills, name)) return { layer: 'skills', reason: 'no skill in play grants it' }
  const reason = tenantRefusal(tenant, name)
  return reason === null ? null : { layer: 'tenant', reason }
}
