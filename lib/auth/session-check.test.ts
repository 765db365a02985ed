import { afterEach, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'

const MINUTE = 60_000

describeEachDialect('a session over time', (dialect) => {
  const house = useIdentityHouse(dialect)
  const ask = (cookie: string, path = '/ops/api/me') => fetch(`${house.console.url}${path}`, { headers: { cookie } })
  const me = async (cookie: string) => (await ask(cookie)).status
  const start = async (person: string) => {
    const { cookie } = await signIn(house.console.url, person)
    const row = await systemDb().opsSession.findFirstOrThrow({
      where: { sub: person, revokedAt: null },
      orderBy: { createdAt: 'desc' },
    })
    return { cookie, row, reload: () => systemDb().opsSession.findFirstOrThrow({ where: { id: row.id } }) }
  }
  const roleOf = async (cookie: string) => ((await (await ask(cookie)).json()) as { user: { role: string } }).user.role
  afterEach(() => house.idp.up())

  it('refreshes once for twenty parallel requests', async () => {
    const { cookie, row, reload } = await start('ada')
    const before = house.idp.requests('/token')
    house.clock.advance(6 * MINUTE)
    const replies = await Promise.all(Array.from({ length: 20 }, () => me(cookie)))
    expect(replies).toEqual(Array.from({ length: 20 }, () => 200))
    expect(house.idp.requests('/token')).toBe(before + 1)
    expect((await reload()).refreshTokenEnc).not.toBe(row.refreshTokenEnc)
    expect((await reload()).refreshLeaseUntil).toBeNull()
  })

  it('waits for another instance that holds the lease, and takes a lease that was left behind', async () => {
    const { cookie, row, reload } = await start('rosa')
    house.clock.advance(6 * MINUTE)
    const until = new Date(house.clock.now().getTime() + 15_000)
    await systemWrite(({ client }) =>
      client.opsSession.updateMany({
        where: { id: row.id },
        data: { refreshLeaseUntil: until, refreshLeaseBy: 'another' },
      }),
    )
    const before = house.idp.requests('/token')
    const waiting = me(cookie)
    await expect(Promise.race([waiting, new Promise((wake) => setTimeout(wake, 300, 'waits'))])).resolves.toBe('waits')
    expect(house.idp.requests('/token')).toBe(before)
    house.clock.advance(16_000)
    expect(await waiting).toBe(200)
    expect(house.idp.requests('/token')).toBe(before + 1)
    expect((await reload()).refreshLeaseBy).toBeNull()
  })

  it('a changed role is effective within five minutes, a lost one ends the session', async () => {
    const { cookie, reload } = await start('omar')
    expect(await roleOf(cookie)).toBe('operator')
    house.idp.change('omar', { roles: ['viewer'] })
    house.clock.advance(4 * MINUTE)
    expect(await roleOf(cookie)).toBe('operator')
    house.clock.advance(MINUTE + 1)
    expect(await roleOf(cookie)).toBe('viewer')
    expect((await reload()).rolesVersion).toBe(2)
    expect((await ask(cookie, '/ops/api/keys')).status).toBe(403)
    house.idp.change('omar', { roles: [] })
    house.clock.advance(6 * MINUTE)
    expect(await me(cookie)).toBe(401)
    expect((await reload()).revokeReason).toBe('no_role')
  })

  it('ends when the provider no longer knows the person or has revoked the refresh token', async () => {
    const [vera, gina] = [await start('vera'), await start('gina')]
    house.idp.remove('vera')
    house.idp.revokeTokens('gina')
    house.clock.advance(6 * MINUTE)
    expect([await me(vera.cookie), await me(gina.cookie)]).toEqual([401, 401])
    expect((await vera.reload()).revokeReason).toBe('idp_rejected')
    expect((await gina.reload()).revokeReason).toBe('idp_rejected')
  })

  it('a person who moved to another tenant signs in again', async () => {
    const { cookie, reload } = await start('rosa')
    house.idp.change('rosa', { tenantId: 'globex' })
    house.clock.advance(6 * MINUTE)
    expect(await me(cookie)).toBe(401)
    expect((await reload()).revokeReason).toBe('person_changed')
    house.idp.change('rosa', { tenantId: 'acme' })
  })

  it('survives a provider that is away until the access token dies, then says 503, then lives again', async () => {
    const { cookie } = await start('max')
    await house.idp.down()
    house.clock.advance(6 * MINUTE)
    expect(await me(cookie)).toBe(200)
    house.clock.advance(5 * MINUTE)
    const reply = await ask(cookie)
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '5'])
    await house.idp.up()
    house.clock.advance(3_000)
    expect(await me(cookie)).toBe(200)
  })

  it('ends after an hour without a request, and after eight hours whatever happens', async () => {
    const idle = await start('ada')
    house.clock.advance(61 * MINUTE)
    expect(await me(idle.cookie)).toBe(401)
    const { cookie, row } = await start('ada')
    for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 50) {
      house.clock.advance(50 * MINUTE)
      if (house.clock.now() < row.expiresAt) expect(await me(cookie)).toBe(200)
    }
    expect(await me(cookie)).toBe(401)
  })
})
