import { expect, it } from 'vitest'
import { installKernel, kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { breakSessions } from '@/lib/core/testing/break-sessions'
import { createBrowser, type SignedIn, signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { signToken } from '@/lib/core/testing/foreign-token'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { uuidv7 } from '@/lib/shared/id'
import { signedOutReturn } from './sign-out-state'

const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }

describeEachDialect('sign-out', (dialect) => {
  const house = useIdentityHouse(dialect)
  const me = async (cookie: string) => (await fetch(`${house.console.url}/ops/api/me`, { headers: { cookie } })).status
  const start = (person: string) => signIn(house.console.url, person)
  const logout = ({ browser }: SignedIn, headers: Record<string, string> = { origin: house.console.url }) =>
    browser.hop(`${house.console.url}/ops/logout`, { method: 'POST', headers })
  const order = async (claims: Record<string, unknown>, typ = 'logout+jwt') => {
    const body = {
      aud: house.idp.clientId,
      events: EVENT,
      iat: Math.floor(house.clock.now().getTime() / 1000),
      ...claims,
    }
    return send(await house.idp.sign(body, { typ }))
  }
  const send = (token: string) =>
    fetch(`${house.console.url}/ops/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
  const sessionOf = (sub: string) =>
    systemDb().opsSession.findFirstOrThrow({ where: { sub, revokedAt: null }, orderBy: { createdAt: 'desc' } })

  it('a replayed cookie is worth nothing', async () => {
    const signedIn = await start('vera')
    expect(await me(signedIn.cookie)).toBe(200)
    const reply = await logout(signedIn)
    expect(reply.status).toBe(303)
    expect(reply.headers.getSetCookie().join()).toMatch(/next-auth\.session-token=; Path=\/; Max-Age=0/)
    expect(await me(signedIn.cookie)).toBe(401)
    const row = await systemDb().opsSession.findFirstOrThrow({ where: { sub: 'vera' }, orderBy: { createdAt: 'desc' } })
    expect(row).toMatchObject({
      revokeReason: 'signed_out',
      accessTokenEnc: null,
      refreshTokenEnc: null,
      idTokenEnc: null,
    })
    const audit = await systemDb().auditEntry.findMany({ where: { tenantId: 'acme', entityId: row.id } })
    expect(audit.map((entry) => entry.eventType)).toEqual(['auth_success', 'auth_success'])
  })

  it('the provider ends its session too: the next sign-in asks who it is', async () => {
    const signedIn = await start('ada')
    const { browser } = signedIn
    const location = (await logout(signedIn)).headers.get('location') ?? ''
    expect(location).toContain(`${house.idp.issuer}/session/end?`)
    expect(new URL(location).searchParams.get('post_logout_redirect_uri')).toBe(`${house.console.url}/ops/signed-out`)
    const confirm = await browser.open(location)
    const out = await browser.submit(confirm, { logout: 'yes' })
    expect(out.url).toMatch(/\/ops\/signed-out\?state=/)
    const state = new URL(out.url).searchParams.get('state')
    const cookies = browser.cookieHeader(house.console.url)
    expect(signedOutReturn(cookies, state)).toBe('ended')
    for (const wrong of [null, undefined, '', `${state}x`, [state, state]]) {
      expect(signedOutReturn(cookies, wrong)).toBeNull()
    }
    expect(signedOutReturn(null, state)).toBeNull()
    expect(signedOutReturn('clasper.signed-out=', '')).toBeNull()
    expect(signedOutReturn('clasper.signed-out=ended.', '')).toBeNull()
    const again = await browser.open(`${house.console.url}/ops/sign-in/start`)
    expect(again.body).toContain('Who are you?')
  })

  it('the state of a sign-out is in a short-lived cookie that no script reads, also when the provider is away', async () => {
    const signedIn = await start('omar')
    await house.idp.down()
    const reply = await logout(signedIn)
    await house.idp.up()
    const location = new URL(reply.headers.get('location') ?? '', house.console.url)
    const cookie = reply.headers.getSetCookie().find((line) => line.startsWith('clasper.signed-out='))
    expect(cookie).toMatch(/; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)
    const outcome = signedOutReturn(cookie?.split(';')[0] ?? null, location.searchParams.get('state'))
    expect(['ended', 'kept']).toContain(outcome)
    expect(await me(signedIn.cookie)).toBe(401)
    const nobody = await fetch(`${house.console.url}/ops/logout`, {
      method: 'POST',
      headers: { origin: house.console.url },
      redirect: 'manual',
    })
    expect(nobody.headers.get('location')).toBe('/ops/signed-out')
    expect(nobody.headers.getSetCookie().join()).not.toContain('clasper.signed-out')
  })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['nobody', {}],
  ])('a request from %s changes nothing', async (_, headers) => {
    const signedIn = await start('omar')
    expect((await logout(signedIn, headers)).status).toBe(403)
    expect(await me(signedIn.cookie)).toBe(200)
  })

  it('back-channel logout by session ends that session alone', async () => {
    const [one, two] = [await start('rosa'), await start('rosa')]
    const [first, second] = await systemDb().opsSession.findMany({
      where: { sub: 'rosa', revokedAt: null },
      orderBy: { createdAt: 'asc' },
    })
    expect(first?.idpSid).not.toBe(second?.idpSid)
    expect((await order({ sid: first?.idpSid, sub: 'rosa' })).status).toBe(200)
    expect([await me(one.cookie), await me(two.cookie)]).toEqual([401, 200])
  })

  it('back-channel logout by person ends every session', async () => {
    const sessions = [await start('max'), await start('max')]
    const reply = await order({ sub: 'max' })
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store'])
    for (const { cookie } of sessions) expect(await me(cookie)).toBe(401)
  })

  it('an order that failed half way has changed nothing and may come again; two at once are one', async () => {
    const first = await start('max')
    house.idp.change('max', { tenantId: 'globex' })
    const sessions = [first, await start('max')]
    house.idp.change('max', { tenantId: 'acme' })
    const body = { sub: 'max', jti: uuidv7(Date.now()) }
    const rows = await systemDb().opsSession.findMany({ where: { sub: 'max', revokedAt: null } })
    expect(new Set(rows.map((row) => row.tenantId))).toEqual(new Set(['acme', 'globex']))
    const mend = await breakSessions(house.database.url, 'globex')
    expect((await order(body)).status).toBe(503)
    for (const { cookie } of sessions) expect(await me(cookie)).toBe(200)
    expect(await systemDb().seenToken.count({ where: { jti: body.jti } })).toBe(0)
    await mend()
    const statuses = (await Promise.all([order(body), order(body)])).map((reply) => reply.status)
    expect(statuses.sort()).toEqual([200, 400])
    for (const { cookie } of sessions) expect(await me(cookie)).toBe(401)
    for (const row of rows) {
      const audits = await systemDb().auditEntry.count({
        where: { tenantId: row.tenantId, entityId: row.id, eventType: 'config_change' },
      })
      expect(audits).toBe(1)
    }
  })

  it('the real provider reaches us by back channel', async () => {
    const { cookie } = await start('gina')
    await house.idp.endSessions('gina')
    expect(await me(cookie)).toBe(401)
  })

  it('an order works once', async () => {
    await start('vera')
    const { idpSid } = await sessionOf('vera')
    const body = { sid: idpSid, jti: uuidv7(Date.now()) }
    expect((await order(body)).status).toBe(200)
    expect((await order(body)).status).toBe(400)
  })

  it.each([
    ['a nonce', { nonce: 'n' }, 'logout+jwt'],
    ['another audience', { aud: 'somebody-else' }, 'logout+jwt'],
    ['another issuer', { iss: 'https://evil.example' }, 'logout+jwt'],
    ['another type', {}, 'at+jwt'],
    ['no event', { events: {} }, 'logout+jwt'],
    ['a wrong event', { events: { other: {} } }, 'logout+jwt'],
    ['nobody in it', { sid: undefined }, 'logout+jwt'],
    ['an old date', { iat: 1_000_000_000, exp: 4_000_000_000 }, 'logout+jwt'],
  ])('an order with %s is refused', async (_, change, typ) => {
    const { cookie } = await start('vera')
    const { idpSid } = await sessionOf('vera')
    const reply = await order({ sid: idpSid, ...change }, typ)
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: 'invalid_request' })
    expect(await me(cookie)).toBe(200)
  })

  it('an order signed with the public key as a shared secret is refused', async () => {
    const keys = await (await fetch(`${house.idp.issuer}/jwks`)).text()
    expect(
      (
        await send(
          await signToken({ sub: 'vera', events: EVENT, iss: house.idp.issuer, aud: house.idp.clientId }, keys),
        )
      ).status,
    ).toBe(400)
  })

  it('ends on every other instance within a second', async () => {
    const signedIn = await start('ada')
    const here = kernel()
    const there = house.boot()
    expect(await me(signedIn.cookie)).toBe(200)
    installKernel(here)
    await logout(signedIn)
    installKernel(there)
    const deadline = Date.now() + 1_000
    while ((await me(signedIn.cookie)) === 200 && Date.now() < deadline)
      await new Promise((wake) => setTimeout(wake, 20))
    expect(await me(signedIn.cookie)).toBe(401)
  })

  it('a new sign-in of the same browser ends the session before', async () => {
    const browser = createBrowser()
    const first = await signIn(house.console.url, 'omar', browser)
    const second = await signIn(house.console.url, 'omar', browser)
    expect(second.cookie).not.toBe(first.cookie)
    expect([await me(first.cookie), await me(second.cookie)]).toEqual([401, 200])
  })
})
