import type { PolicyView } from '@/lib/governance/contract'

export const POLICIES_TEXT = 'What agents may do, what they may not, and what a person has to approve first.'

export const linkStyle = 'text-accent underline-offset-2 hover:underline'

export type Effect = PolicyView['effect']['decision']

export const EFFECT_WORDS: Record<Effect, string> = {
  allow: 'Allow',
  deny: 'Deny',
  require_approval: 'Ask a person',
}

export const EFFECT_OPTIONS = (Object.keys(EFFECT_WORDS) as Effect[]).map((value) => ({
  value,
  label: EFFECT_WORDS[value],
}))

export const SOURCES: Record<PolicyView['source'], string> = {
  console: 'Console',
  api: 'API',
  trace: 'A decision',
  workspace: 'Workspace file',
  server: 'Server file',
}

export const SUBJECT_WORDS: Record<PolicyView['subject']['type'], string> = {
  tool: 'Tool',
  adapter: 'External agent',
  skill: 'Skill',
  environment: 'Environment',
  risk: 'Risk level',
  cost: 'Cost',
  agent: 'Agent role',
}

export const subjectText = ({ subject: { type, name } }: Pick<PolicyView, 'subject'>): string =>
  name === null ? `Any ${SUBJECT_WORDS[type].toLowerCase()}` : `${SUBJECT_WORDS[type]} ${name}`

const whole = (source: PolicyView['source']): string => (source === 'workspace' ? 'Its workspace' : 'The whole tenant')

export const scopeText = ({ scope, source }: Pick<PolicyView, 'scope' | 'source'>): string =>
  [
    scope.workspace_id === null ? null : `workspace ${scope.workspace_id}`,
    scope.environment === null ? null : `environment ${scope.environment}`,
  ]
    .filter((part) => part !== null)
    .join(', ') || whole(source)

export const isFiled = ({ source }: Pick<PolicyView, 'source'>): boolean =>
  source === 'workspace' || source === 'server'

// Ids are the tenant's own; what stands in files may bear the same ones.
export const rowKey = (policy: PolicyView): string =>
  isFiled(policy) ? `${policy.source}/${policy.policy_id}` : policy.policy_id

export const policyHref = (id: string): string => `/ops/policies?${new URLSearchParams({ peek: id })}`

export const decisionsHref = (id: string): string =>
  `/ops/approvals?${new URLSearchParams({ tab: 'all', policy_id: id })}`

export const MODES: Record<'permissive' | 'guarded' | 'strict', string> = {
  permissive: 'Permissive: where no policy speaks, it is allowed.',
  guarded:
    'Guarded: where no policy speaks, an external agent gets what the fallback says, and a run what was granted to it.',
  strict: 'Strict: where no policy speaks, it is refused.',
}
