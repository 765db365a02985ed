import { describe, expect, it } from 'vitest'
import { type Event, wordsOf } from './change-words'

const HASH = '0123456789abcdef'

const event = (type: string, facts: Record<string, unknown>, over: Partial<Event> = {}): Event => ({
  ...{ type, entityId: 'thing', workspaceId: 'shop', facts, ...over },
})

const change = (facts: Record<string, unknown>) => wordsOf(event('workspace_change', facts))
const config = (facts: Record<string, unknown>) => wordsOf(event('config_change', facts))

describe('the words of a change', () => {
  it.each([
    [{ kind: 'pin_set', environment: 'prod', version_hash: HASH }, 'pin', 'prod is pinned to 01234567'],
    [{ kind: 'pin_removed', environment: 'prod' }, 'pin', 'prod is not pinned any more'],
    [
      { kind: 'canary_set', environment: 'prod', after: { canary: { percent: 10 } } },
      ...(['canary', 'prod has a canary for 10 %'] as const),
    ],
    [
      { kind: 'canary_set', environment: 'prod', after: { canary: { percent: 0, users: ['brave'] } } },
      ...(['canary', 'prod has a canary for 1 named user'] as const),
    ],
    [{ kind: 'canary_set', environment: 'prod', after: null }, 'canary', 'prod has a canary'],
    [{ kind: 'canary_ended', environment: 'prod' }, 'canary', 'The canary of prod ended'],
    [{ kind: 'rollback', environment: 'prod', version_hash: HASH }, 'rollback', 'prod is back at 01234567'],
    [{ kind: 'rollback', environment: 'prod', version_hash: null }, 'rollback', 'prod lost its pin again'],
    [{ kind: 'version_met', version_hash: HASH }, 'version', '01234567 of shop was met by a run'],
    [
      {
        ...{ kind: 'promotion', action: 'executed', source_env: 'dev', target_env: 'prod', version_hash: HASH },
        ...{ promotion_id: 'p', override_used: true },
      },
      ...(['promotion', 'prod runs 01234567, promoted from dev by an override'] as const),
    ],
    [
      {
        ...{ kind: 'promotion', action: 'executed', source_env: 'dev', target_env: 'prod', version_hash: 'old' },
        before: { version_hash: 'old', canary: null },
        after: { version_hash: 'old', canary: { version_hash: HASH, percent: 20 } },
      },
      ...(['promotion', 'prod tries 01234567 for 20 %, promoted from dev'] as const),
    ],
    [
      {
        ...{ kind: 'promotion', action: 'executed', source_env: 'dev', target_env: 'prod', version_hash: HASH },
        before: { version_hash: HASH, canary: { version_hash: 'trial', percent: 20 } },
        after: { version_hash: HASH, canary: { version_hash: 'trial', percent: 20 } },
      },
      ...(['promotion', 'prod runs 01234567, promoted from dev'] as const),
    ],
  ])('%o', (facts, kind, text) => {
    expect(change(facts)).toMatchObject({ kind, text, permission: 'workspace:view' })
  })

  it.each(['requested', 'checked', 'approved', 'cancelled', 'scheduled'])(
    'a promotion that is %s changes nothing',
    (action) => {
      expect(change({ kind: 'promotion', action })).toBeNull()
    },
  )

  it.each([
    [{ kind: 'budget', scope: 'role:planner', before: null, after: {} }, 'The budget of role planner was made'],
    [{ kind: 'budget', scope: 'tenant', before: {}, after: {} }, 'The budget of the whole tenant was changed'],
    [{ kind: 'budget', scope: 'tenant', before: {}, after: null }, 'The budget of the whole tenant was removed'],
    [{ kind: 'policy', action: 'removed', before: {} }, 'Policy thing was removed'],
    [{ kind: 'policy', action: 'updated', before: {}, after: {} }, 'Policy thing was changed'],
    [{ kind: 'lock', environment: 'prod', locked: true }, 'prod was locked'],
  ])('%o', (facts, text) => {
    expect(config(facts)?.text).toBe(text)
  })

  it.each(['seed', 'view_saved', 'dataset', 'job_retried', 'toString', '__proto__', ''])('%s is no news', (kind) => {
    expect(config({ kind })).toBeNull()
  })

  it('asks for the right that the page behind the link asks for', () => {
    expect(config({ kind: 'api_key_created' })?.permission).toBe('key:manage')
    expect(config({ kind: 'budget', scope: 'tenant' })?.permission).toBe('budget:view')
    expect(wordsOf(event('skill_published', { name: 'a' }))).toMatchObject({
      ...{ kind: 'skill', permission: 'skill:view', href: '/ops/skills/a' },
    })
    expect(wordsOf(event('break_glass_opened', {}))?.permission).toBe('audit:view')
  })

  it('puts hostile names into addresses as names', () => {
    const href = config({ kind: 'budget', scope: 'role:a&b=c#d', before: null, after: {} })?.href
    expect(new URL(href ?? '', 'http://x').searchParams.get('peek')).toBe('role:a&b=c#d')
    const workspace = wordsOf(
      event('workspace_change', { kind: 'version_saved', version_hash: HASH }, { workspaceId: 'a/../b' }),
    )
    expect(workspace?.href).toBe('/ops/workspaces/a%2F..%2Fb?tab=versions&peek=0123456789abcdef')
  })
})
