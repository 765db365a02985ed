import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import * as opsEvents from '@/app/ops/api/events/route'
import { kernel } from '@/lib/core/kernel'
import { signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { type LiveServer, listenToSocket, listenToStream, startLiveServer } from '@/lib/core/testing/live-client'
import { watchedTenants } from '@/lib/http/live'

const RECHECK_MS = 6 * 60_000

describeEachDialect('a live stream whose listener loses access', (dialect) => {
  const house = useIdentityHouse(dialect)
  const live = {} as { server: LiveServer }
  const cookieOf = async (person: string) => (await signIn(house.console.url, person)).cookie
  const listen = async (cookie: string, query = '') => {
    const own = { cookie, origin: house.console.url }
    const events = `${live.server.url}/ops/api/events`
    const [stream, socket] = await Promise.all([
      listenToStream(`${events}${query}`, own),
      listenToSocket(`${events}/ws${query}`, own),
    ])
    expect([stream.status, socket.status]).toEqual([200, 101])
    return { stream, socket }
  }
  type Listening = Awaited<ReturnType<typeof listen>>
  const endsWith = async ({ stream, socket }: Listening, close: number, code: string) => {
    expect(await socket.closed).toEqual({ code: close, reason: code })
    await stream.ended
    expect(stream.heard.at(-1)).toMatchObject({ event: 'error', data: { code } })
    await expect.poll(() => watchedTenants()).toEqual([])
  }

  beforeAll(async () => {
    live.server = await startLiveServer([{ path: '/ops/api/events', module: opsEvents }])
  })
  afterAll(() => live.server.close())
  afterEach(() => house.idp.change('max', { allowedTenants: ['globex'] }))

  it('ends when the provider takes the tenant away', async () => {
    const listening = await listen(await cookieOf('max'), '?tenant_id=globex')
    expect(watchedTenants()).toEqual(['globex'])
    house.idp.change('max', { allowedTenants: [] })
    house.clock.advance(RECHECK_MS)
    await endsWith(listening, 4403, 'tenant_access_denied')
  })

  it('ends when the tenant to which the person had switched is taken away', async () => {
    const cookie = await cookieOf('max')
    const headers = { cookie, origin: house.console.url, 'content-type': 'application/json' }
    const body = JSON.stringify({ tenant_id: 'globex' })
    await fetch(`${house.console.url}/ops/api/session/tenant`, { method: 'POST', headers, body })
    const listening = await listen(cookie)
    expect(watchedTenants()).toEqual(['globex'])
    house.idp.change('max', { allowedTenants: [] })
    house.clock.advance(RECHECK_MS)
    await endsWith(listening, 4403, 'tenant_access_denied')
  })

  it('ends when the person is limited to a workspace', async () => {
    const listening = await listen(await cookieOf('omar'))
    house.idp.change('omar', { workspaceId: 'west' })
    house.clock.advance(RECHECK_MS)
    await endsWith(listening, 4403, 'workspace_access_denied')
  })

  it('whoever is limited to a workspace hears of it alone, and no number of the whole tenant', async () => {
    house.idp.change('vera', { workspaceId: 'west' })
    const { stream, socket } = await listen(await cookieOf('vera'))
    const createdAt = house.clock.now()
    const tell = (id: bigint, topic: string, payload: object) =>
      kernel().bus.emit('event', { id, tenantId: 'acme', topic, payload, createdAt })
    tell(9_001n, 'job.dead', { id: 'j', kind: 'k', status: 'dead' })
    tell(9_002n, 'test.told', { workspace_id: 'east' })
    tell(9_003n, 'test.told', { workspace_id: 'west' })
    tell(0n, 'audit.appended', { size: 42 })
    tell(9_004n, 'test.last', { workspace_id: 'west' })
    for (const listener of [stream, socket]) {
      await listener.until((heard) => heard.some(({ data }) => data['topic'] === 'test.last'))
      expect(listener.heard.map(({ data }) => [data['topic'], data['data']])).toEqual([
        ['test.told', { workspace_id: 'west' }],
        ['audit.appended', {}],
        ['test.last', { workspace_id: 'west' }],
      ])
      listener.close()
    }
    await expect.poll(() => watchedTenants()).toEqual([])
  })

  it('says so when it was a sign-out', async () => {
    const cookie = await cookieOf('rosa')
    const listening = await listen(cookie)
    const headers = { cookie, origin: house.console.url }
    await fetch(`${house.console.url}/ops/logout`, { method: 'POST', headers, redirect: 'manual' })
    await endsWith(listening, 4401, 'signed_out')
  })
})
