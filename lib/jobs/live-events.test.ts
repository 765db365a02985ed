import { afterAll, beforeAll, expect, it } from 'vitest'
import * as opsEvents from '@/app/ops/api/events/route'
import { kernel } from '@/lib/core/kernel'
import { emit } from '@/lib/core/outbox'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { signIn } from '@/lib/core/testing/browser'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useIdentityHouse } from '@/lib/core/testing/identity'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { type LiveServer, listenToSocket, listenToStream, startLiveServer } from '@/lib/core/testing/live-client'
import { watchedTenants } from '@/lib/http/live'
import { startAuditWatch } from './watch-audit'
import { startOutboxWatch } from './watch-outbox'

const tell = (tenantId: string, topic: string, payload: Record<string, string> = {}) =>
  scopeOf(identityOf(tenantId)).mutate({ event: 'config_change' }, (db) => emit(db, topic, payload))

describeEachDialect('live events', (dialect) => {
  const house = useIdentityHouse(dialect)
  const live = {} as { server: LiveServer }
  const stream = (cookie: string, more: Record<string, string> = {}, query = '') =>
    listenToStream(`${live.server.url}/ops/api/events${query}`, { cookie, ...more })
  const socket = (headers: Record<string, string>, query = '') =>
    listenToSocket(`${live.server.url}/ops/api/events/ws${query}`, headers)
  const cookieOf = async (person: string) => (await signIn(house.console.url, person)).cookie
  const own = (cookie: string) => ({ cookie, origin: house.console.url })
  const signOut = (cookie: string) =>
    fetch(`${house.console.url}/ops/logout`, { method: 'POST', headers: own(cookie), redirect: 'manual' })

  beforeAll(async () => {
    live.server = await startLiveServer([{ path: '/ops/api/events', module: opsEvents }])
    await startOutboxWatch()
    startAuditWatch()
  })
  afterAll(() => live.server.close())

  it('a stream hears its own tenant and no other', async () => {
    const listener = await stream(await cookieOf('vera'))
    await tell('globex', 'test.foreign')
    await tell('acme', 'test.own', { hello: 'there' })
    await listener.until((heard) => heard.some(({ data }) => data['topic'] === 'test.own'))
    const row = await systemDb().outboxEvent.findFirstOrThrow({ where: { topic: 'test.own' }, orderBy: { id: 'desc' } })
    expect(listener.heard.find(({ data }) => data['topic'] === 'test.own')).toMatchObject({
      event: 'event',
      id: String(row.id),
      data: { id: String(row.id), data: { hello: 'there' } },
    })
    expect(JSON.stringify(listener.heard)).not.toContain('test.foreign')
    expect(watchedTenants()).toEqual(['acme'])
    listener.close()
    await expect.poll(() => watchedTenants()).toEqual([])
  })

  it('the audit log is heard to grow, without a number to resume from', async () => {
    const listener = await stream(await cookieOf('vera'))
    const sizes = () =>
      listener.heard.filter(({ data }) => data['topic'] === 'audit.appended').map(({ data }) => data['data'])
    await tell('acme', 'test.other')
    const head = await systemDb().auditHead.findUniqueOrThrow({ where: { tenantId: 'acme' } })
    await expect.poll(() => sizes().at(-1)).toEqual({ size: Number(head.size) })
    expect(listener.heard.find(({ data }) => data['topic'] === 'audit.appended')?.id).toBeNull()
    listener.close()
  })

  it('a stream goes on after the last number it has seen', async () => {
    const cookie = await cookieOf('vera')
    for (const n of ['1', '2', '3']) await tell('acme', 'test.missed', { n })
    await tell('globex', 'test.foreign')
    const rows = await systemDb().outboxEvent.findMany({ where: { topic: 'test.missed' }, orderBy: { id: 'asc' } })
    const listener = await stream(cookie, { 'last-event-id': String(rows[0]?.id) })
    await listener.until((heard) => heard.length >= 2)
    await tell('acme', 'test.missed', { n: '4' })
    const numbered = () => listener.heard.filter(({ id }) => id !== null).map(({ data }) => data['data'])
    await expect.poll(numbered).toEqual([{ n: '2' }, { n: '3' }, { n: '4' }])
    listener.close()
  })

  it('a number that is no longer kept is answered with a reset', async () => {
    const cookie = await cookieOf('vera')
    const old = await systemDb().outboxEvent.findFirstOrThrow({ where: { tenantId: 'acme' }, orderBy: { id: 'asc' } })
    await systemWrite(({ client }) => client.outboxEvent.delete({ where: { id: old.id } }))
    const listener = await stream(cookie, { 'last-event-id': String(old.id) })
    await listener.until((heard) => heard.length > 0)
    expect(listener.heard[0]).toMatchObject({ id: null, data: { topic: 'stream.reset' } })
    listener.close()
  })

  it('nobody without a session, and nobody in a foreign tenant', async () => {
    expect((await stream('')).status).toBe(401)
    expect((await stream(await cookieOf('ada'), {}, '?tenant_id=globex')).status).toBe(403)
  })

  it('a stream and a socket end within a second of the sign-out', async () => {
    const cookie = await cookieOf('rosa')
    const [listener, open] = await Promise.all([stream(cookie), socket(own(cookie))])
    expect([listener.status, open.status]).toEqual([200, 101])
    await signOut(cookie)
    const started = performance.now()
    await listener.ended
    expect((await open.closed).code).toBe(4401)
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(listener.heard.at(-1)).toMatchObject({ event: 'error', data: { code: 'signed_out' } })
  })

  it.each([
    ['without a credential', {}, 401],
    ['with a cookie from a foreign page', { origin: 'https://evil.example' }, 403],
    ['with a cookie and no origin', { origin: '' }, 403],
  ])('a socket %s is refused', async (_, headers, status) => {
    const cookie = status === 403 ? { cookie: await cookieOf('vera') } : {}
    const { origin, ...rest } = { origin: '', ...headers }
    const refused = await socket({ ...cookie, ...rest, ...(origin ? { origin } : {}) })
    expect(refused.status).toBe(status)
  })

  it('a socket hears its tenant, answers pings and narrows its topics', async () => {
    const open = await socket(own(await cookieOf('omar')))
    open.send('{"type":"ping"}')
    open.send('not json')
    open.send('{"type":"subscribe","topics":["../x"]}')
    open.send('{"type":"subscribe","topics":["test.chosen"]}')
    await open.until((heard) => heard.some(({ event }) => event === 'subscribed'))
    await tell('globex', 'test.chosen', { from: 'elsewhere' })
    await tell('acme', 'test.unwanted')
    await tell('acme', 'test.chosen', { from: 'here' })
    await open.until((heard) => heard.some(({ event }) => event === 'test.chosen'))
    expect(open.heard.map(({ event }) => event).filter((event) => event !== 'audit.appended')).toEqual([
      'pong',
      'subscribed',
      'test.chosen',
    ])
    expect(open.heard.at(-1)?.data['data']).toEqual({ from: 'here' })
    open.close()
    await expect.poll(() => watchedTenants()).toEqual([])
  })

  it('a socket goes on after the last number it has seen', async () => {
    const cookie = await cookieOf('omar')
    for (const n of ['a', 'b']) await tell('acme', 'test.again', { n })
    const [first] = await systemDb().outboxEvent.findMany({ where: { topic: 'test.again' }, orderBy: { id: 'asc' } })
    const open = await socket(own(cookie), `?last_event_id=${first?.id}`)
    await open.until((heard) => heard.some(({ event }) => event === 'test.again'))
    expect(open.heard.filter(({ event }) => event === 'test.again').map(({ data }) => data['data'])).toEqual([
      { n: 'b' },
    ])
    open.close()
  })

  it('a socket that says too much at once is closed', async () => {
    const open = await socket(own(await cookieOf('omar')))
    open.send('x'.repeat(20_000))
    expect((await open.closed).code).toBe(1009)
  })

  it('a listener who does not read is let go', async () => {
    const open = await socket(own(await cookieOf('omar')))
    open.socket.pause()
    const payload = { big: 'x'.repeat(200_000) }
    const createdAt = house.clock.now()
    for (let i = 0; i < 200; i++)
      kernel().bus.emit('event', { id: 0n, tenantId: 'acme', topic: 'test.flood', payload, createdAt })
    open.socket.resume()
    expect((await open.closed).code).toBe(4408)
  })

  it('streams and sockets end when the server leaves', async () => {
    const cookie = await cookieOf('omar')
    const [listener, open] = await Promise.all([stream(cookie), socket(own(cookie))])
    const started = performance.now()
    await kernel().drain()
    await listener.ended
    expect((await open.closed).code).toBe(1001)
    expect(performance.now() - started).toBeLessThan(2_000)
    expect((await socket(own(cookie))).status).toBe(503)
    expect((await stream(cookie)).status).toBe(503)
  })
})
