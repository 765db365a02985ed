import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { createBrowser, signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'

type Sent = Record<string, string>

describeEachDialect('the console session at the ops API', (dialect) => {
  const house = useIdentityHouse(dialect)
  const call = async (path: string, headers: Sent, init: RequestInit = {}) => {
    const json = init.body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await fetch(`${house.console.url}${path}`, { ...init, headers: { ...json, ...headers } })
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown>, headers: reply.headers }
  }
  const post = (path: string, headers: Sent, body: object) =>
    call(path, headers, { method: 'POST', body: JSON.stringify(body) })
  const cookieOf = async (person: string) => (await signIn(house.console.url, person)).cookie
  const same = (cookie: string): Sent => ({ cookie, origin: house.console.url })
  const newKey = { name: 'from the console', scopes: ['read'] }

  it('a change needs the console as its origin, and nothing happens without', async () => {
    const cookie = await cookieOf('ada')
    const before = await systemDb().serviceKey.count()
    for (const headers of [
      { cookie },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: house.console.url, 'sec-fetch-site': 'cross-site' },
    ]) {
      expect(await post('/ops/api/keys', headers, newKey)).toMatchObject({
        status: 403,
        body: { code: 'cross_site_refused' },
      })
    }
    expect(await systemDb().serviceKey.count()).toBe(before)
    expect(await post('/ops/api/keys', same(cookie), newKey)).toMatchObject({ status: 201 })
  })

  it.each(['vera', 'omar', 'rosa'])('%s may not manage keys and is told who may', async (person) => {
    const reply = await call('/ops/api/keys', { cookie: await cookieOf(person) })
    expect(reply).toMatchObject({
      status: 403,
      body: { code: 'permission_denied', permission: 'key:manage', required_roles: ['admin'] },
    })
  })

  it('the tenant switcher holds in every later request and ends at the fence', async () => {
    const cookie = await cookieOf('max')
    expect(await post('/ops/api/session/tenant', same(cookie), { tenant_id: 'globex' })).toMatchObject({ status: 200 })
    expect(await call('/ops/api/me', { cookie })).toMatchObject({
      body: { active_tenant_id: 'globex', user: { tenant_id: 'acme' } },
    })
    const { seq } = await systemDb().auditEntry.findFirstOrThrow({
      where: { eventType: 'auth_success', tenantId: 'acme' },
      orderBy: { seq: 'desc' },
    })
    const payload = await systemDb().auditPayload.findFirstOrThrow({ where: { tenantId: 'acme', seq } })
    expect(JSON.parse(payload.data ?? '')).toMatchObject({ action: 'tenant_switched', to: 'globex' })
    const { body } = await post('/ops/api/keys', same(cookie), newKey)
    expect(body['key']).toMatchObject({ tenant_id: 'globex' })
    expect(await post('/ops/api/session/tenant', same(cookie), { tenant_id: 'initech' })).toMatchObject({
      status: 403,
      body: { code: 'tenant_access_denied' },
    })
    const ada = await cookieOf('ada')
    expect(await post('/ops/api/session/tenant', same(ada), { tenant_id: 'globex' })).toMatchObject({ status: 403 })
    house.idp.change('max', { roles: ['viewer'] })
    house.clock.advance(6 * 60_000)
    expect(await call('/ops/api/me', { cookie })).toMatchObject({
      status: 200,
      body: { active_tenant_id: 'acme', user: { allowed_tenants: [] } },
    })
    house.idp.change('max', { roles: ['admin'] })
  })

  it('explains a refusal instead of enforcing it', async () => {
    const cookie = await cookieOf('rosa')
    const ask = (query: string) => call(`/ops/api/authz/explain?${query}`, { cookie })
    expect(await ask('permission=policy:manage')).toMatchObject({ status: 200, body: { allowed: true } })
    expect(await ask('permission=key:manage')).toMatchObject({
      status: 200,
      body: { allowed: false, role: 'release_manager', required_roles: ['admin'] },
    })
    expect(await ask('permission=trace:view&tenant_id=globex')).toMatchObject({
      status: 200,
      body: { allowed: false, tenant_id: 'globex' },
    })
    expect(await ask('permission=nonsense')).toMatchObject({ status: 400 })
  })

  it('a forged, foreign or rubbish cookie is 401 and is cleared', async () => {
    for (const value of ['x', 'a.b.c.d.e', ' ', encodeURIComponent('{"osid":"1"}')]) {
      const reply = await call('/ops/api/me', { cookie: `next-auth.session-token=${value}` })
      expect(reply).toMatchObject({ status: 401, body: { code: 'signed_out' } })
      expect(reply.headers.get('set-cookie')).toMatch(/^next-auth\.session-token=; .*Max-Age=0/)
    }
  })

  it('the switch of a session that nobody has is no way in', async () => {
    const browser = createBrowser()
    expect(
      await post('/ops/api/session/tenant', same(browser.cookieHeader(house.console.url)), { tenant_id: 'acme' }),
    ).toMatchObject({ status: 401 })
  })
})

const NO_PROVIDER = { OPS_OIDC_ISSUER: '', OPS_OIDC_CLIENT_ID: '', OPS_OIDC_CLIENT_SECRET: '' }

describeEachDialect('development without a provider', (dialect) => {
  const house = useIdentityHouse(dialect)
  const me = async (headers: Sent = {}) => {
    const reply = await fetch(`${house.console.url}/ops/api/me`, { headers })
    return { status: reply.status, body: (await reply.json()) as unknown }
  }

  it('nobody is let in unless it was asked for', async () => {
    house.boot(NO_PROVIDER)
    expect(await me()).toMatchObject({ status: 401, body: { code: 'missing_token' } })
  })

  it('OPS_DEV_NO_AUTH lets this machine in, and nothing that came through a proxy', async () => {
    house.boot({ ...NO_PROVIDER, OPS_DEV_NO_AUTH: 'true' })
    expect(await me()).toMatchObject({
      status: 200,
      body: { user: { id: 'dev-user', role: 'admin', tenant_id: 'dev-tenant', workspace_id: 'dev-tenant' } },
    })
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip'])
      expect(await me({ [header]: '10.0.0.1' })).toMatchObject({ status: 401 })
  })

  it('OPS_LOCAL_API_KEY takes its role from OPS_DEFAULT_ROLE', async () => {
    house.boot({ ...NO_PROVIDER, OPS_LOCAL_API_KEY: 'local', OPS_DEFAULT_ROLE: 'operator' })
    expect(await me({ 'x-ops-api-key': 'local' })).toMatchObject({
      status: 200,
      body: { user: { id: 'local-key', role: 'operator' } },
    })
    expect(await me({ 'x-ops-api-key': 'wrong' })).toMatchObject({ status: 403, body: { code: 'invalid_token' } })
    house.boot({ ...NO_PROVIDER, OPS_LOCAL_API_KEY: 'local' })
    expect(await me({ 'x-ops-api-key': 'local' })).toMatchObject({ status: 403, body: { code: 'no_role' } })
  })
})
