import { encode } from 'next-auth/jwt'
import { expect, it } from 'vitest'
import { installKernel } from '@/lib/core/kernel'
import { unseal } from '@/lib/core/sealed'
import { systemDb } from '@/lib/core/system-db'
import { createBrowser, signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { testKernel } from '@/lib/core/testing/kernel'
import { openSessionCookie, sessionCookie } from './session-cookie'

const SECRET = 's'.repeat(40)
const NAME = 'next-auth.session-token'

describeEachDialect('planted cookies and what is told to logs', (dialect) => {
  const house = useIdentityHouse(dialect)
  const me = async (cookie: string) => (await fetch(`${house.console.url}/ops/api/me`, { headers: { cookie } })).status
  const tokenIn = (cookie: string) => cookie.split(`${NAME}=`)[1]?.split(';')[0] ?? ''

  it('behind https every cookie is bound to this very host', async () => {
    house.boot({ NEXTAUTH_URL: 'https://console.example' })
    const reply = await fetch(`${house.console.url}/ops/sign-in/start`, { redirect: 'manual' })
    house.boot()
    const cookies = reply.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThanOrEqual(4)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-next-auth\./)
      expect(cookie).toMatch(/; Path=\/(;|$)/)
      for (const word of ['HttpOnly', 'Secure', 'SameSite=Lax']) expect(cookie).toContain(word)
      expect(cookie).not.toMatch(/domain=/i)
    }
    const tossed = new Request('https://console.example/', {
      headers: { cookie: `__Secure-${NAME}=theirs; ${NAME}=theirs; __Host-${NAME}=own` },
    })
    expect(sessionCookie(tossed, 'https://console.example')).toBe('own')
  })

  it('a cookie of another deployment, of another kind or for another session opens nothing', async () => {
    const { cookie } = await signIn(house.console.url, 'ada')
    const claims = await openSessionCookie(tokenIn(cookie), SECRET, house.clock.now())
    expect(claims).toMatchObject({ sub: 'ada', tenant: 'acme' })
    const foreign = await encode({ token: { ...claims }, secret: 'f'.repeat(40) })
    const invented = await encode({ token: { ...claims, osid: 'x'.repeat(43) }, secret: SECRET })
    const start = createBrowser()
    await start.hop(`${house.console.url}/ops/sign-in/start`)
    const checks = [...(start.cookies.get(new URL(house.console.url).host) ?? new Map<string, string>()).values()]
    expect(checks.length).toBeGreaterThanOrEqual(4)
    for (const value of [foreign, invented, claims?.osid ?? '', ...checks])
      expect(await me(`${NAME}=${value}`)).toBe(401)
    expect(await me(`${NAME}=${tokenIn(cookie)}`)).toBe(200)
  })

  it('nobody chooses the name of the next session', async () => {
    const victim = createBrowser()
    const attacker = await signIn(house.console.url, 'vera')
    victim.cookies.set(new URL(house.console.url).host, new Map([[NAME, tokenIn(attacker.cookie)]]))
    const { cookie } = await signIn(house.console.url, 'ada', victim)
    expect(tokenIn(cookie)).not.toBe(tokenIn(attacker.cookie))
    expect([await me(cookie), await me(attacker.cookie)]).toEqual([200, 401])
  })

  it('a claim that is no tenant id gets nobody in', async () => {
    for (const tenant_id of ['../x', 'a b', 'x'.repeat(129)]) {
      const authorization = `Bearer ${await house.idp.bearer('ada', { tenant_id })}`
      const reply = await fetch(`${house.console.url}/ops/api/me`, { headers: { authorization } })
      expect([reply.status, await reply.json()]).toMatchObject([403, { code: 'invalid_token' }])
    }
  })

  it('no secret reaches the log, whatever goes well or wrong', async () => {
    const lines: string[] = []
    const { database, clock, env } = house
    const loud = installKernel(testKernel(database.url, { clock, env, onLog: (line) => void lines.push(line) }))
    try {
      const { browser, cookie } = await signIn(house.console.url, 'rosa')
      const row = await systemDb().opsSession.findFirstOrThrow({ where: { sub: 'rosa', revokedAt: null } })
      const sealed = [row.accessTokenEnc, row.refreshTokenEnc, row.idTokenEnc]
      const tokens = sealed.map((text) => unseal('0'.repeat(64), row.id, text) ?? '')
      const claims = await openSessionCookie(tokenIn(cookie), SECRET, clock.now())
      const bearer = await house.idp.bearer('ada', { aud: 'another' })
      await fetch(`${house.console.url}/ops/api/me`, { headers: { authorization: `Bearer ${bearer}` } })
      await fetch(`${house.console.url}/api/whoami`, { headers: { 'x-agent-daemon-key': DAEMON_KEY } })
      await fetch(`${house.console.url}/api/auth/callback/oidc?code=leaky-code-of-somebody&state=x`, {
        redirect: 'manual',
      })
      await house.idp.down()
      clock.advance(6 * 60_000)
      await me(cookie)
      await house.idp.up()
      await browser.hop(`${house.console.url}/ops/logout`, { method: 'POST', headers: { origin: house.console.url } })
      const log = lines.join('\n')
      expect(lines.length).toBeGreaterThan(8)
      for (const secret of [
        ...tokens,
        claims?.osid,
        tokenIn(cookie),
        bearer,
        DAEMON_KEY,
        house.idp.clientSecret,
        'leaky-code',
      ]) {
        expect(secret).toBeTruthy()
        expect(log).not.toContain(secret)
      }
    } finally {
      await house.idp.up()
      house.boot()
      await loud.stop()
    }
  })
})
