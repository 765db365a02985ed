import { expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'

describeEachDialect('browser sign-in', (dialect) => {
  const house = useIdentityHouse(dialect)
  const me = async (cookie: string) => fetch(`${house.console.url}/ops/api/me`, { headers: { cookie } })

  it.each([
    ['vera', 'viewer', 'acme'],
    ['omar', 'operator', 'acme'],
    ['rosa', 'release_manager', 'acme'],
    ['max', 'admin', 'acme'],
    ['gina', 'admin', 'globex'],
  ])('signs %s in as %s of %s', async (person, role, tenant) => {
    const { cookie, landed } = await signIn(house.console.url, person)
    expect(landed.url).toBe(`${house.console.url}/ops`)
    const reply = await me(cookie)
    expect(reply.status).toBe(200)
    expect(await reply.json()).toMatchObject({
      user: { id: person, role, tenant_id: tenant },
      active_tenant_id: tenant,
    })
    expect(cookie.length).toBeLessThan(2_000)
  })

  it('asks the provider with state, nonce and an S256 challenge', async () => {
    const reply = await fetch(`${house.console.url}/ops/sign-in/start`, { redirect: 'manual' })
    const url = new URL(reply.headers.get('location') ?? '')
    expect(url.origin).toBe(house.idp.issuer)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toBeTruthy()
  })

  it.each(['callback', 'callback_url', 'callbackUrl'])('knows the way back as %s', async (name) => {
    const reply = await fetch(`${house.console.url}/ops/sign-in/start?${name}=/ops/audit`, { redirect: 'manual' })
    expect(reply.headers.getSetCookie().join()).toContain(encodeURIComponent(`${house.console.url}/ops/audit`))
  })

  it('a person is one actor in the browser and by bearer, by user_id where the provider names one', async () => {
    house.idp.change('rosa', { extra: { user_id: 'staff-7' } })
    const { cookie } = await signIn(house.console.url, 'rosa')
    const ask = async (headers: Record<string, string>) => {
      const who = await (await fetch(`${house.console.url}/ops/api/me`, { headers })).json()
      return (who as { user: { id: string } }).user.id
    }
    const authorization = `Bearer ${await house.idp.bearer('rosa')}`
    expect([await ask({ cookie }), await ask({ authorization })]).toEqual(['staff-7', 'staff-7'])
    const row = await systemDb().opsSession.findFirstOrThrow({ where: { sub: 'rosa', userId: 'staff-7' } })
    const audit = await systemDb().auditEntry.findFirstOrThrow({ where: { tenantId: 'acme', entityId: row.id } })
    expect(audit).toMatchObject({ actor: 'user:staff-7', userId: 'staff-7' })
    house.idp.change('rosa', { extra: { user_id: 'staff-8' } })
    house.clock.advance(6 * 60_000)
    expect(await ask({ cookie })).toBe('staff-8')
    house.idp.change('rosa', { extra: {} })
  })

  it('stores the session hashed, its tokens sealed, and audits the sign-in', async () => {
    await signIn(house.console.url, 'ada')
    const row = await systemDb().opsSession.findFirstOrThrow({ where: { sub: 'ada' } })
    expect(row.idHash).toMatch(/^[0-9a-f]{64}$/)
    for (const sealed of [row.accessTokenEnc, row.refreshTokenEnc, row.idTokenEnc]) expect(sealed).toMatch(/^v1\./)
    expect(row.idpSid).toBeTruthy()
    const audit = await systemDb().auditEntry.findFirst({
      where: { tenantId: 'acme', eventType: 'auth_success', entityId: row.id },
    })
    expect(audit).toMatchObject({ actor: 'user:ada' })
  })
})
