import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { signIn } from '@/lib/core/testing/browser'
import { type ConsoleProcess, startConsoleProcess } from '@/lib/core/testing/console-process'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'
import { testSurroundings } from '@/lib/core/testing/kernel'

describeEachDialect('two processes on one database', (dialect) => {
  const house = useIdentityHouse(dialect)
  const instances: ConsoleProcess[] = []
  beforeAll(async () => {
    const env = testSurroundings(house.database.url, house.env)
    instances.push(...(await Promise.all([startConsoleProcess(env), startConsoleProcess(env)])))
  })
  afterAll(() => Promise.all(instances.map((instance) => instance.stop())))

  const urlOf = (index: number): string => instances[index % instances.length]?.url ?? ''
  const me = async (cookie: string, index: number) =>
    (await fetch(`${urlOf(index)}/ops/api/me`, { headers: { cookie } })).status
  const refusedWithin = async (milliseconds: number, ask: () => Promise<number>, refused: number) => {
    const deadline = performance.now() + milliseconds
    let status = await ask()
    while (status !== refused && performance.now() < deadline) {
      await new Promise((wake) => setTimeout(wake, 20))
      status = await ask()
    }
    return status
  }

  // A person for each round: what the processes remember of one round must not soften the next.
  it.each(['ada', 'rosa', 'vera'])(
    'refresh once for twenty requests of %s at expiry',
    { timeout: 60_000 },
    async (sub) => {
      const { cookie } = await signIn(house.console.url, sub)
      const row = await systemDb().opsSession.findFirstOrThrow({ where: { sub, revokedAt: null } })
      const past = new Date(row.createdAt.getTime() - 1_000)
      await systemWrite(({ client }) =>
        client.opsSession.updateMany({ where: { id: row.id }, data: { recheckAt: past, accessExpiresAt: past } }),
      )
      const before = house.idp.requests('/token')
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => me(cookie, index)))
      expect(replies).toEqual(Array.from({ length: 20 }, () => 200))
      expect(house.idp.requests('/token')).toBe(before + 1)
      const after = await systemDb().opsSession.findFirstOrThrow({ where: { id: row.id } })
      expect(after).toMatchObject({ revokedAt: null, refreshLeaseUntil: null })
      expect(after.refreshTokenEnc).not.toBe(row.refreshTokenEnc)
    },
  )

  it('what signs out at one is refused by the other within a second', { timeout: 30_000 }, async () => {
    const { cookie } = await signIn(house.console.url, 'omar')
    expect([await me(cookie, 0), await me(cookie, 1)]).toEqual([200, 200])
    const headers = { cookie, origin: house.console.url }
    const reply = await fetch(`${urlOf(0)}/ops/logout`, { method: 'POST', headers, redirect: 'manual' })
    expect(reply.status).toBe(303)
    expect(await me(cookie, 0)).toBe(401)
    expect(await refusedWithin(1_000, () => me(cookie, 1), 401)).toBe(401)
  })

  it('a key revoked at one is refused by the other within a second', { timeout: 30_000 }, async () => {
    const daemon = { 'x-agent-daemon-key': DAEMON_KEY, 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'worker', scopes: ['read'] })
    const made = await (await fetch(`${urlOf(0)}/keys`, { method: 'POST', headers: daemon, body })).json()
    const { secret, key } = made as { secret: string; key: { id: string } }
    const who = async () =>
      (await fetch(`${urlOf(1)}/api/whoami`, { headers: { 'x-agent-daemon-key': secret } })).status
    expect(await who()).toBe(200)
    await fetch(`${urlOf(0)}/keys/${key.id}`, { method: 'DELETE', headers: daemon })
    expect(await refusedWithin(1_000, who, 403)).toBe(403)
  })
})
