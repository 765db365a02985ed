import { expect, it } from 'vitest'
import { installKernel, kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { DAEMON_KEY, useIdentityHouse } from '@/lib/core/testing/identity'

describeEachDialect('rotation of service keys', (dialect) => {
  const house = useIdentityHouse(dialect)
  const daemon = { 'x-agent-daemon-key': DAEMON_KEY, 'content-type': 'application/json' }
  const call = async (path: string, method = 'GET', body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const reply = await fetch(`${house.console.url}${path}`, { method, headers: daemon, ...sent })
    return {
      status: reply.status,
      body: (await reply.json()) as {
        secret: string
        key: { id: string; state: string }
        keys: { id: string; state: string }[]
      },
    }
  }
  const status = async (secret: string) =>
    (await fetch(`${house.console.url}/api/whoami`, { headers: { 'x-agent-daemon-key': secret } })).status
  const made = async () => (await call('/keys', 'POST', { name: 'worker', scopes: ['read'] })).body
  const rotate = async (id: string, grace: number) => {
    const { POST } = await import('@/app/(api)/keys/[id]/rotate/route')
    const request = new Request(`${house.console.url}/keys/${id}/rotate`, {
      method: 'POST',
      headers: daemon,
      body: JSON.stringify({ grace_minutes: grace }),
    })
    const reply = await POST(request, { params: { id } })
    return { status: reply.status, body: (await reply.json()) as { secret: string; key: { id: string } } }
  }

  it('both keys work during the grace period, then only the new one', async () => {
    const old = await made()
    expect(await status(old.secret)).toBe(200)
    const next = await rotate(old.key.id, 60)
    expect(next.status).toBe(201)
    expect([await status(old.secret), await status(next.body.secret)]).toEqual([200, 200])
    const states = new Map((await call('/keys')).body.keys.map((key) => [key.id, key.state]))
    expect([states.get(old.key.id), states.get(next.body.key.id)]).toEqual(['expiring', 'active'])
    house.clock.advance(61 * 60_000)
    expect([await status(old.secret), await status(next.body.secret)]).toEqual([403, 200])
  })

  it('without grace the old key ends at once, on every instance within a second', async () => {
    const old = await made()
    const here = kernel()
    const there = house.boot()
    expect(await status(old.secret)).toBe(200)
    installKernel(here)
    await rotate(old.key.id, 0)
    expect(await status(old.secret)).toBe(403)
    installKernel(there)
    const deadline = Date.now() + 1_000
    while ((await status(old.secret)) === 200 && Date.now() < deadline)
      await new Promise((wake) => setTimeout(wake, 20))
    expect(await status(old.secret)).toBe(403)
  })

  it('of rotations at the same moment one succeeds, and one successor exists', async () => {
    const old = await made()
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => rotate(old.key.id, 60)))).map((r) => r.status)
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409])
    expect(await systemDb().serviceKey.count({ where: { rotatedFromId: old.key.id } })).toBe(1)
    const audited = await systemDb().auditPayload.findMany({ where: { tenantId: 'default' } })
    const rotations = audited.filter(({ data }) => data.includes('api_key_rotated') && data.includes(old.key.id))
    expect(rotations).toHaveLength(1)
  })

  it('a key is rotated once, and only while it lives', async () => {
    const old = await made()
    expect((await rotate(old.key.id, 60)).status).toBe(201)
    expect((await rotate(old.key.id, 60)).status).toBe(409)
    const gone = await made()
    await call(`/keys/${gone.key.id}`, 'DELETE')
    expect((await rotate(gone.key.id, 60)).status).toBe(409)
  })
})
