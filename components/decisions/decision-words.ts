import { needsRole, roleName } from '@/components/shell/role-names'
import type { DecisionView } from '@/lib/governance/contract'
import { isRole, ROLES, type Role } from '@/lib/shared/rbac'

export const APPROVALS_TEXT = 'What agents may not do before a person has said so: the exact action, and why it waits.'

export const STATES: Record<DecisionView['status'], string> = {
  allow: 'Allowed',
  deny: 'Refused by policy',
  pending: 'Waits',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Ran out of time',
}

export const ORIGINS: Record<DecisionView['origin'], string> = {
  run: 'A whole run',
  execution: 'An execution of an external agent',
  tool: 'A tool call',
  evaluate: 'A question of an external agent',
}

export const whatOf = ({ tool, subject }: Pick<DecisionView, 'tool' | 'subject'>): string =>
  tool ?? `A whole ${subject}`

export const whoOf = ({ agent_role: role, adapter_id: adapter }: DecisionView): string => adapter ?? role ?? 'An agent'

export const personOf = (actor: string): string => actor.replace(/^user:/, '')

export const requiredRole = ({ required_role: role }: Pick<DecisionView, 'required_role'>): Role =>
  role !== null && isRole(role) ? role : 'release_manager'

export const approvalHref = (id: string): string => `/ops/approvals?${new URLSearchParams({ tab: 'all', peek: id })}`

const WHY_NOT: Readonly<Record<string, string>> = {
  own_request:
    'You asked for it, or it is done in your name. Somebody else has to approve it; you may still deny it, which takes it back.',
  decision_expired: 'Nobody decided in time. Whoever asked has to ask again.',
  already_resolved: 'It is decided already.',
}

/** Why the viewer cannot approve it, in words; null where he can. */
export const whyNotWords = (decision: DecisionView, viewer: Role | null): string | null => {
  if (decision.can_approve) return null
  const known = WHY_NOT[decision.why_not ?? '']
  if (known) return known
  return `To approve it one needs to be ${needsRole(ROLES.slice(ROLES.indexOf(requiredRole(decision))))}. You are signed in as ${roleName(viewer).toLowerCase()}.`
}

/** Refusing asks for the same role, but also whoever asked may do it. */
export const mayDeny = (decision: DecisionView): boolean =>
  decision.status === 'pending' && (decision.can_approve || decision.why_not === 'own_request')
