import type { Permission } from '@/lib/shared/rbac'
import type { ChangeKind } from '../contract'
import { linkTo } from './headline'

export type Event = {
  type: string
  entityId: string | null
  workspaceId: string | null
  facts: Readonly<Record<string, unknown>>
}

type Words = { kind: ChangeKind; text: string; href: string | null; permission: Permission }

const say = (value: unknown): string => (typeof value === 'string' ? value : '')

const HASH_LENGTH = 8
const shortOf = (value: unknown): string => say(value).slice(0, HASH_LENGTH)

const inWorkspace = ({ workspaceId }: Event): Record<string, string> =>
  workspaceId === null ? {} : { workspace_id: workspaceId }

const release = (event: Event, kind: ChangeKind, text: string): Words => ({
  ...{ kind, text, permission: 'workspace:view' },
  href: linkTo('/ops/environments', inWorkspace(event)),
})

const promotionHref = (event: Event): string =>
  linkTo(`/ops/promotions/${encodeURIComponent(say(event.facts['promotion_id']))}`, inWorkspace(event))

type Trial = { hash: unknown; percent: unknown; users: unknown }

const within = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : null

const canaryIn = (set: unknown): Trial | null => {
  const canary = within(set, 'canary')
  if (canary === null) return null
  return { hash: within(canary, 'version_hash'), percent: within(canary, 'percent'), users: within(canary, 'users') }
}

// A promotion that begins a trial leaves alone what everybody else runs.
const trialOf = ({ facts }: Event): Trial | null => {
  const [before, after] = [facts['before'], facts['after']]
  const trial = canaryIn(after)
  const isOld = trial?.hash === canaryIn(before)?.hash && trial?.percent === canaryIn(before)?.percent
  return trial && !isOld && within(before, 'version_hash') === within(after, 'version_hash') ? trial : null
}

const share = (trial: Trial | null): string => {
  const named = Array.isArray(trial?.users) ? trial.users.length : 0
  if (trial?.percent === 0 && named > 0) return ` for ${named} named user${named === 1 ? '' : 's'}`
  return typeof trial?.percent === 'number' ? ` for ${trial.percent} %` : ''
}

// Of all that happens to a promotion, what changed where agents run.
const promoted = (event: Event): Words | null => {
  const { action, source_env: from, target_env: to, version_hash: hash, override_used: forced } = event.facts
  if (action !== 'executed') return null
  const trial = trialOf(event)
  const runs = trial === null ? `runs ${shortOf(hash)}` : `tries ${shortOf(trial.hash)}${share(trial)}`
  const text = `${say(to)} ${runs}, promoted from ${say(from)}${forced === true ? ' by an override' : ''}`
  return { kind: 'promotion', text, href: promotionHref(event), permission: 'workspace:view' }
}

const rolledBack = (event: Event): Words => {
  const { environment, version_hash: hash, promotion_id: promotion } = event.facts
  const text = hash ? `${say(environment)} is back at ${shortOf(hash)}` : `${say(environment)} lost its pin again`
  return { ...release(event, 'rollback', text), ...(promotion ? { href: promotionHref(event) } : {}) }
}

const versionWords = (event: Event, verb: string): Words => ({
  ...{ kind: 'version', permission: 'workspace:view' },
  text: `${shortOf(event.facts['version_hash'])} of ${event.workspaceId ?? 'a workspace'} was ${verb}`,
  href:
    event.workspaceId === null
      ? null
      : linkTo(`/ops/workspaces/${encodeURIComponent(event.workspaceId)}`, {
          tab: 'versions',
          peek: say(event.facts['version_hash']),
        }),
})

const WORKSPACE: Readonly<Record<string, (event: Event) => Words | null>> = {
  promotion: promoted,
  rollback: rolledBack,
  version_saved: (event) => versionWords(event, 'saved'),
  version_met: (event) => versionWords(event, 'met by a run'),
  pin_set: (event) =>
    release(event, 'pin', `${say(event.facts['environment'])} is pinned to ${shortOf(event.facts['version_hash'])}`),
  pin_removed: (event) => release(event, 'pin', `${say(event.facts['environment'])} is not pinned any more`),
  canary_set: (event) => release(event, 'canary', `${say(event.facts['environment'])} has a canary${canaryOf(event)}`),
  canary_ended: (event) => release(event, 'canary', `The canary of ${say(event.facts['environment'])} ended`),
  canary_promoted: (event) =>
    release(event, 'canary', `The canary of ${say(event.facts['environment'])} is for everybody`),
}

const canaryOf = ({ facts }: Event): string => share(canaryIn(facts['after']))

const verbOf = (before: unknown, after: unknown): string => {
  if (before === null || before === undefined) return 'was made'
  return after === null || after === undefined ? 'was removed' : 'was changed'
}

const policy = ({ entityId, facts }: Event): Words => ({
  ...{ kind: 'policy', permission: 'policy:view' },
  text: `Policy ${entityId ?? ''} ${facts['action'] === 'removed' ? 'was removed' : verbOf(facts['before'], facts['after'])}`,
  href: linkTo('/ops/policies', { peek: entityId ?? '' }),
})

const budget = ({ facts }: Event): Words => {
  const scope = say(facts['scope'])
  const name = scope === 'tenant' ? 'the whole tenant' : scope.replace(':', ' ')
  const text = `The budget of ${name} ${verbOf(facts['before'], facts['after'])}`
  return { kind: 'budget', text, href: linkTo('/ops/budgets', { peek: scope }), permission: 'budget:view' }
}

const named = (
  kind: ChangeKind,
  permission: Permission,
  href: string,
  text: (event: Event) => string,
): ((event: Event) => Words) => {
  return (event) => ({ kind, permission, href, text: text(event) })
}

const keyWords = (verb: string) => named('key', 'key:manage', '/ops/keys', () => `An API key was ${verb}`)

const CONFIG: Readonly<Record<string, (event: Event) => Words | null>> = {
  policy,
  budget,
  lock: (event) =>
    release(
      event,
      'environment',
      `${say(event.facts['environment'])} was ${event.facts['locked'] === true ? 'locked' : 'unlocked'}`,
    ),
  environment: (event) =>
    release(event, 'environment', `${say(event.facts['environment']) || 'The environments'} changed`),
  retention_policy: named('retention', 'retention:view', '/ops/retention', () => 'The retention policy was changed'),
  redaction: named('retention', 'retention:view', '/ops/retention', () => 'A rule of redaction was changed'),
  api_key_created: keyWords('created'),
  api_key_rotated: keyWords('rotated'),
  api_key_revoked: keyWords('revoked'),
  adapter: named('agent', 'adapter:view', '/ops/agents', ({ entityId }) => `External agent ${entityId ?? ''} changed`),
  adapter_key: named(
    'agent',
    'adapter:view',
    '/ops/agents',
    ({ entityId }) => `The keys of external agent ${entityId ?? ''} changed`,
  ),
  tool_settings: named('setting', 'audit:view', '/ops/audit', () => 'The settings of tools were changed'),
  tenant_changed: named('setting', 'audit:view', '/ops/audit', () => 'The tenant was changed'),
  skill_signer: named('skill', 'skill:view', '/ops/skills', () => 'Who may sign skills was changed'),
}

const skill = ({ entityId, facts, type }: Event): Words => {
  const to = say(facts['to'])
  return {
    ...{ kind: 'skill', permission: 'skill:view' },
    text: type === 'skill_published' ? `Skill ${entityId ?? ''} was published` : `Skill ${entityId ?? ''} is ${to} now`,
    href: linkTo(`/ops/skills/${encodeURIComponent(say(facts['name']) || (entityId?.split('@')[0] ?? ''))}`),
  }
}

const exception = ({ facts, type }: Event): Words => ({
  ...{ kind: 'override', permission: 'audit:view', href: '/ops/receipts' },
  text: type === 'break_glass_opened' ? 'The glass was broken' : `Override: ${say(facts['action'])}`,
})

const own = (kinds: typeof CONFIG, event: Event): Words | null => {
  const kind = say(event.facts['kind'])
  return Object.hasOwn(kinds, kind) ? (kinds[kind]?.(event) ?? null) : null
}

/** What an audit row means to an operator, or null where it changed nothing that agents do. */
export const wordsOf = (event: Event): Words | null => {
  if (event.type === 'workspace_change') return own(WORKSPACE, event)
  if (event.type === 'config_change') return own(CONFIG, event)
  if (event.type.startsWith('skill_')) return skill(event)
  if (event.type.startsWith('policy_')) return policy(event)
  return exception(event)
}
