import { describe, expect, it, test } from 'vitest'
import { seal, unseal } from '@/lib/core/sealed'
import { identityOf } from '@/lib/core/testing/kernel'
import { type ClaimRules, personFrom } from './claims'
import { explain } from './explain'
import { requireSameOrigin } from './same-origin'
import { isServiceKeyForm, newServiceKey, sameSecret } from './service-key'
import { chooseTenant, chooseWorkspace } from './tenant-choice'

const RULES: ClaimRules = {
  roles: 'roles',
  tenant: 'tenant_id',
  workspace: 'workspace_id',
  allowedTenants: 'allowed_tenants',
  defaultRole: null,
}
const base = { sub: 'u', tenant_id: 'acme' }

describe('claims', () => {
  it.each([
    ['an array', { roles: ['viewer', 'ADMIN'] }, RULES, 'admin'],
    ['a comma list', { roles: 'operator, viewer' }, RULES, 'operator'],
    ['the claim role', { role: 'release_manager' }, RULES, 'release_manager'],
    ['a dotted path', { realm_access: { roles: ['viewer'] } }, { ...RULES, roles: 'realm_access.roles' }, 'viewer'],
    [
      'a name with dots',
      { 'https://x.example/roles': ['admin'] },
      { ...RULES, roles: 'https://x.example/roles' },
      'admin',
    ],
    ['unknown ones beside a known one', { roles: ['emperor', 'viewer', 7, null] }, RULES, 'viewer'],
    ['a default', { roles: ['emperor'] }, { ...RULES, defaultRole: 'viewer' as const }, 'viewer'],
  ])('roles from %s', (_, claims, rules, role) => {
    expect(personFrom({ ...base, ...claims }, rules).role).toBe(role)
  })

  it.each([
    ['no role', { roles: [] }, 'no_role'],
    ['a role that only inherits', { roles: { toString: 'admin' } }, 'no_role'],
    ['no tenant', { roles: 'admin', tenant_id: ' ' }, 'missing_claim'],
    ['no person', { roles: 'admin', sub: '' }, 'missing_claim'],
    ['Azure overage', { _claim_names: { groups: 'src1' } }, 'no_role'],
  ])('refuses %s', (_, claims, code) => {
    expect(() => personFrom({ ...base, ...claims }, RULES)).toThrowError(expect.objectContaining({ code }))
  })

  it('keeps other tenants for admins alone', () => {
    const claims = { ...base, allowed_tenants: ['globex', 'acme'] }
    expect(personFrom({ ...claims, roles: 'admin' }, RULES).allowedTenants).toEqual(['globex'])
    expect(personFrom({ ...claims, roles: 'release_manager' }, RULES).allowedTenants).toEqual([])
  })
})

describe('tenant and workspace', () => {
  const who = { tenantId: 'a', allowedTenants: ['b'] }
  it.each([
    [{}, 'a'],
    [{ query: 'b' }, 'b'],
    [{ query: ['b', 'b'], body: 'b', header: 'b' }, 'b'],
    [{ query: '' }, 'a'],
  ])('%j acts in %s', (asked, tenant) => expect(chooseTenant(who, asked)).toBe(tenant))
  it('a switched person acts there unless told otherwise', () => {
    expect(chooseTenant(who, {}, 'b')).toBe('b')
    expect(chooseTenant(who, { header: 'a' }, 'b')).toBe('a')
  })
  it.each([
    [{ query: 'c' }, 'tenant_access_denied'],
    [{ query: 'a', body: 'b' }, 'conflicting_fields'],
    [{ query: ['a', 'b'] }, 'conflicting_fields'],
  ])('%j is %s', (asked, code) =>
    expect(() => chooseTenant(who, asked)).toThrowError(expect.objectContaining({ code })),
  )
  it('everything is open to a star, nothing outside a fence', () => {
    expect(chooseTenant({ tenantId: 'a', allowedTenants: '*' }, { query: 'z' })).toBe('z')
    expect(chooseWorkspace(null, { query: 'w' })).toBe('w')
    expect(chooseWorkspace(['w'], {})).toBe('w')
    expect(chooseWorkspace(['v', 'w'], {})).toBeUndefined()
    expect(() => chooseWorkspace(['w'], { query: 'x' })).toThrowError(
      expect.objectContaining({ code: 'workspace_access_denied' }),
    )
  })
})

describe('secrets', () => {
  test('keys differ, have one form and compare whole', () => {
    const keys = Array.from({ length: 200 }, () => newServiceKey())
    expect(new Set(keys.map(({ text }) => text)).size).toBe(200)
    expect(keys.every(({ text }) => isServiceKeyForm(text))).toBe(true)
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', '')]).toEqual([true, false, false])
  })
  test('a sealed token opens with its own key, for its own owner, unchanged', () => {
    const [key, other] = ['0'.repeat(64), '1'.repeat(64)]
    const sealed = seal(key, 'me', 'token ü')
    expect(unseal(key, 'me', sealed)).toBe('token ü')
    expect(seal(key, 'me', 'token ü')).not.toBe(sealed)
    for (const [k, owner, text] of [
      [other, 'me', sealed],
      [key, 'you', sealed],
      [key, 'me', `${sealed.slice(0, -2)}AA`],
      [key, 'me', 'x'],
    ] as const) {
      expect(unseal(k, owner, text)).toBeNull()
    }
    expect(unseal(key, 'me', null)).toBeNull()
  })
})

describe('same origin', () => {
  const url = 'https://ops.example'
  const post = (headers: Record<string, string>) => new Request(`${url}/x`, { method: 'POST', headers })
  it.each([
    [{ origin: url }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ origin: url, 'sec-fetch-site': 'same-origin' }],
  ])('lets %j pass', (headers) => {
    expect(() => requireSameOrigin(post(headers), `${url}/path`)).not.toThrow()
  })
  it.each([
    [{}],
    [{ origin: 'null' }],
    [{ origin: 'https://ops.example.evil' }],
    [{ origin: 'http://ops.example' }],
    [{ origin: url, 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
  ])('refuses %j', (headers) => {
    expect(() => requireSameOrigin(post(headers), url)).toThrowError(
      expect.objectContaining({ code: 'cross_site_refused' }),
    )
  })
})

describe('explanations', () => {
  it('names the first check that fails', () => {
    const operator = identityOf('acme', 'operator')
    expect(explain(operator, { permission: 'trace:label' })).toMatchObject({
      allowed: true,
      reason: 'Every check passes.',
    })
    expect(explain(operator, { permission: 'key:manage' })).toMatchObject({ allowed: false, required_roles: ['admin'] })
    expect(explain(operator, { permission: 'trace:view', tenant_id: 'globex' })).toMatchObject({
      allowed: false,
      tenant_id: 'globex',
    })
    expect(
      explain(identityOf('acme', 'admin', { workspaceIds: ['w'] }), { permission: 'trace:view', workspace_id: 'x' })
        .steps,
    ).toHaveLength(3)
  })
})
