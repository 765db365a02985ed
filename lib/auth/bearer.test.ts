import { base64url, decodeJwt, SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'

describeEachDialect('bearer tokens of operators', (dialect) => {
  const house = useIdentityHouse(dialect)
  beforeEach(() => void house.boot())
  afterEach(() => vi.useRealTimers())

  const ask = async (token: string, headers: Record<string, string> = {}, path = '/ops/api/me') => {
    const reply = await fetch(`${house.console.url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    return {
      status: reply.status,
      body: (await reply.json()) as { code?: string; user?: { id: string; role: string } },
    }
  }
  const now = () => Math.floor(house.clock.now().getTime() / 1000)

  it('accepts an access token of the issuer', async () => {
    expect(await ask(await house.idp.bearer('ada'))).toMatchObject({
      status: 200,
      body: { user: { id: 'ada', role: 'admin' } },
    })
  })

  it.each([
    ['expired', { iat: -4000, exp: -61 }, 403, 'invalid_token'],
    ['expired within the skew', { iat: -300, exp: -4 }, 200, undefined],
    ['not yet valid', { nbf: 61 }, 403, 'invalid_token'],
    ['almost valid', { nbf: 4 }, 200, undefined],
    ['for another audience', { aud: 'other' }, 403, 'invalid_token'],
    ['of another issuer', { iss: 'https://evil.example' }, 403, 'invalid_token'],
    ['without a person', { sub: undefined }, 403, 'missing_claim'],
    ['without an end', { exp: undefined }, 403, 'invalid_token'],
    ['without a tenant', { tenant_id: undefined }, 403, 'missing_claim'],
    ['without a role', { roles: [] }, 403, 'no_role'],
    ['with an unknown role', { roles: ['emperor'] }, 403, 'no_role'],
    ['with a nonce, so an ID token', { nonce: 'n' }, 403, 'invalid_token'],
    ['with at_hash, so an ID token', { at_hash: 'h' }, 403, 'invalid_token'],
  ])('a token %s', async (_, change, status, code) => {
    const dates = Object.fromEntries(
      Object.entries(change).map(([name, value]) => [name, typeof value === 'number' ? now() + value : value]),
    )
    const reply = await ask(await house.idp.bearer('ada', dates))
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })

  it('refuses none, a shared secret made of the public key, another type and rubbish', async () => {
    const claims = decodeJwt(await house.idp.bearer('ada'))
    const keys = await (await fetch(`${house.idp.issuer}/jwks`)).text()
    const none = `${base64url.encode('{"alg":"none"}')}.${base64url.encode(JSON.stringify(claims))}.`
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(keys))
    const typed = await house.idp.bearer('ada', {}, { typ: 'logout+jwt' })
    for (const token of [none, shared, typed, 'a.b.c', 'x', 'a'.repeat(12_000)]) {
      expect(await ask(token)).toMatchObject({ status: 403, body: { code: 'invalid_token' } })
    }
  })

  it('refuses the session cookie as a bearer, and a bad bearer beside a good cookie', async () => {
    const { cookie } = await signIn(house.console.url, 'ada')
    const jwe = cookie.split('next-auth.session-token=')[1]?.split(';')[0] ?? ''
    expect(jwe.split('.')).toHaveLength(5)
    expect((await ask(jwe)).status).toBe(403)
    expect((await ask('x', { cookie })).status).toBe(403)
  })

  it('says 401 without a token and with a malformed header', async () => {
    const bare = await fetch(`${house.console.url}/ops/api/me`)
    expect([bare.status, bare.headers.get('www-authenticate'), await bare.json()]).toMatchObject([
      401,
      'Bearer',
      { code: 'missing_token' },
    ])
    const odd = await fetch(`${house.console.url}/ops/api/me`, { headers: { authorization: 'Basic abc' } })
    expect([odd.status, await odd.json()]).toMatchObject([401, { code: 'missing_token' }])
  })

  it('keeps to the tenants of the token', async () => {
    const [ada, max, omar] = [
      await house.idp.bearer('ada', { allowed_tenants: [] }),
      await house.idp.bearer('max'),
      await house.idp.bearer('omar', { allowed_tenants: ['globex'] }),
    ]
    const inGlobex = '/ops/api/me?tenant_id=globex'
    expect(await ask(ada, {}, inGlobex)).toMatchObject({ status: 403, body: { code: 'tenant_access_denied' } })
    expect(await ask(omar, { 'x-tenant-id': 'globex' })).toMatchObject({
      status: 403,
      body: { code: 'tenant_access_denied' },
    })
    expect(await ask(max, {}, inGlobex)).toMatchObject({ status: 200, body: { active_tenant_id: 'globex' } })
    expect(await ask(max, { 'x-tenant-id': 'acme' }, inGlobex)).toMatchObject({
      status: 400,
      body: { code: 'conflicting_fields' },
    })
  })

  it('follows a rotation of keys without a restart', async () => {
    expect((await ask(await house.idp.bearer('ada'))).status).toBe(200)
    await house.idp.rotateKeys({ keepOld: false })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    expect((await ask(await house.idp.bearer('ada'))).status).toBe(200)
  })

  it('an unknown key id costs at most one look in 30 seconds', async () => {
    await ask(await house.idp.bearer('ada'))
    const before = house.idp.requests('/jwks')
    for (let i = 0; i < 20; i++) {
      expect((await ask(await house.idp.bearer('ada', { n: i }, { kid: `k${i}` }))).status).toBe(403)
    }
    expect(house.idp.requests('/jwks') - before).toBeLessThanOrEqual(1)
  })

  it('lives on cached keys while the provider is away, then says 503', async () => {
    const token = await house.idp.bearer('ada')
    await ask(token)
    await house.idp.down()
    try {
      expect((await ask(await house.idp.bearer('max'))).status).toBe(200)
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 })
      expect(await ask(await house.idp.bearer('rosa'))).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    } finally {
      await house.idp.up()
    }
  })

  it('is a configuration error without an audience', async () => {
    house.boot({ OPS_OIDC_AUDIENCE: '' })
    expect(await ask('a.b.c')).toMatchObject({ status: 500, body: { code: 'config_error' } })
  })
})
