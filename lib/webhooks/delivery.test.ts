import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { fixedClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { webhookForgetting, webhookJob } from '@/lib/jobs/deliver-webhook'
import { createWorker } from '@/lib/jobs/worker'
import { uuidv7 } from '@/lib/shared/id'
import { type NewWebhook, webhookWrites } from './index'

const SECRET = 'canary-secret-of-the-receiver'
const HEADER = 'canary-value-of-a-header'
const clock = fixedClock(new Date('2026-03-01T12:00:00Z'))
const lines: string[] = []
const received: { url: string; headers: IncomingHttpHeaders; body: string }[] = []
const statuses: number[] = []
const receiver: { server?: Server; url: string } = { url: '' }

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    received.push({ url: request.url ?? '', headers: request.headers, body })
    response.writeHead(statuses.shift() ?? 200, { location: 'http://127.0.0.1/' }).end('thanks')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.server = server
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
afterAll(() => {
  receiver.server?.close()
  receiver.server?.closeAllConnections()
})
afterEach(async () => {
  received.length = 0
  statuses.length = 0
})

const facts = (): Pick<NewWebhook, 'traceId' | 'event' | 'payload'> => ({
  traceId: uuidv7(clock.now().getTime()),
  event: 'agent.completed',
  payload: {
    response: 'Write to jo@example.com about 123-45-6789',
    user_id: 'jo@example.com',
    metadata: { b: 1, note: 'ssn 123-45-6789' },
  },
})

const put = async (tenant: TestTenant, more: Partial<NewWebhook> = {}): Promise<string> => {
  const hook = { ...facts(), url: receiver.url, secret: SECRET, headers: { 'X-Mine': HEADER }, ...more }
  const { id, writes } = await webhookWrites(tenant.scope, hook)
  await tenant.scope.command({ audit: [], writes })
  return id
}

const worker = createWorker({ jobs: [webhookJob, webhookForgetting], name: 'w', random: () => 0.5 })
const turn = async () => {
  const count = await worker.look()
  await worker.idle()
  return count
}
const rowOf = (tenant: TestTenant, id: string) =>
  systemDb().webhookDelivery.findUniqueOrThrow({ where: { tenantId_id: { tenantId: tenant.id, id } } })
const triesOf = (tenant: TestTenant, id: string) =>
  systemDb().webhookAttempt.findMany({ where: { tenantId: tenant.id, deliveryId: id }, orderBy: { attempt: 'asc' } })

describeEachDialect('delivering webhooks', (dialect) => {
  useKernel(dialect, { clock, env: { CLASPER_WEBHOOK_ALLOW_PRIVATE: 'true' }, onLog: (line) => lines.push(line) })
  afterEach(() => systemWrite(({ client }) => client.job.deleteMany()))

  it('a receiver that fails twice gets the third attempt with the same id, and both signatures hold', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    statuses.push(500, 429)
    expect(await turn()).toBe(1)
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'queued', attempts: 1, lastStatus: 500 })
    expect(await turn()).toBe(0)
    clock.advance(5_000)
    await turn()
    clock.advance(29_999)
    expect(await turn()).toBe(0)
    clock.advance(1)
    await turn()
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id, id])
    const [last] = received.slice(-1)
    const stamp = String(Math.floor(clock.now().getTime() / 1000))
    const hmac = (text: string) => createHmac('sha256', SECRET).update(text)
    expect(last?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Clasper-Webhook/1.0',
      'webhook-timestamp': stamp,
      'webhook-signature': `v1,${hmac(`${id}.${stamp}.${last?.body}`).digest('base64')}`,
      'x-clasper-signature': hmac(last?.body ?? '').digest('hex'),
      ['X-Wombat-Signature'.toLowerCase()]: hmac(last?.body ?? '').digest('hex'),
      'x-mine': HEADER,
    })
    expect(await rowOf(tenant, id)).toMatchObject({
      state: 'delivered',
      attempts: 3,
      lastStatus: 200,
      lastError: null,
      sealed: null,
      finishedAt: clock.now(),
    })
    expect((await triesOf(tenant, id)).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 429],
      [3, 200],
    ])
    expect(await tenant.audits()).toEqual([])
  })

  it('tells the same facts in the same order, and no personal data', async () => {
    const tenant = await newTenant()
    await put(tenant)
    await turn()
    const body = JSON.parse(received[0]?.body ?? '') as Record<string, unknown>
    expect(Object.keys(body)).toEqual(['event', 'timestamp', 'user_id', 'response', 'metadata'])
    expect(body).toMatchObject({
      event: 'agent.completed',
      user_id: 'jo@example.com',
      response: 'Write to [EMAIL] about [SSN]',
      metadata: { b: 1, note: 'ssn [SSN]' },
    })
  })

  it('gives up after six attempts, says so in the audit log, and forgets the secret a week later', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    statuses.push(500, 500, 500, 500, 500, 503)
    for (const wait of [0, 5, 30, 120, 600, 3_600]) {
      clock.advance(wait * 1_000)
      expect(await turn()).toBe(1)
    }
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'dead', attempts: 6, lastStatus: 503 })
    expect(await systemDb().job.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })).toMatchObject([
      { kind: 'webhooks.deliver', status: 'dead', lastError: 'The receiver answered 503' },
      { kind: 'webhooks.forget', status: 'queued' },
    ])
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'webhook_delivery_failed', entityId: id })
    clock.advance(7 * 86_400_000 - 1)
    await turn()
    expect((await rowOf(tenant, id)).sealed).not.toBeNull()
    clock.advance(1)
    await turn()
    expect((await rowOf(tenant, id)).sealed).toBeNull()
  })

  it('asks no more when the receiver is gone for good', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    statuses.push(410)
    await turn()
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'dead', attempts: 1, lastStatus: 410, sealed: null })
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'webhook_delivery_failed', entityId: id })
  })

  it('does not go where it is redirected to', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    statuses.push(302)
    await turn()
    expect(received).toHaveLength(1)
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'queued', lastStatus: 302 })
  })

  it('callers replace nothing that is ours, and send nothing that is no header', async () => {
    const tenant = await newTenant()
    const headers = {
      'Content-Type': 'text/evil',
      'USER-AGENT': 'evil',
      Host: 'evil.example',
      'content-length': '1',
      'Webhook-Signature': 'evil',
      'x-clasper-signature': 'evil',
      'X-Wombat-Signature': 'evil',
      'bad name': 'evil',
      'x-split': 'a\r\nevil: 1',
      'x-good': 'good',
    }
    await put(tenant, { headers })
    await turn()
    expect(JSON.stringify(received[0]?.headers)).not.toContain('evil')
    expect(received[0]?.headers).toMatchObject({ 'x-good': 'good' })
  })

  it('without a secret nothing is signed', async () => {
    const tenant = await newTenant()
    const { traceId, event, payload } = facts()
    const { writes } = await webhookWrites(tenant.scope, { traceId, event, payload, url: receiver.url })
    await tenant.scope.command({ audit: [], writes })
    await turn()
    expect(Object.keys(received[0]?.headers ?? {}).filter((name) => name.includes('signature'))).toEqual([])
  })

  it('neither rows, jobs, audit nor logs hold the secret, the headers or what is secret in the address', async () => {
    const tenant = await newTenant()
    const keyed = await put(tenant, { url: `${receiver.url}/T0AB12CD34EF56?key=canary-in-the-query` })
    const lost = await put(tenant, { url: 'http://127.0.0.1:1/T0AB12CD34EF56?key=canary-in-the-query' })
    await turn()
    expect(received[0]?.url).toBe('/hook/T0AB12CD34EF56?key=canary-in-the-query')
    await systemWrite(({ client }) =>
      client.job.updateMany({ where: { tenantId: tenant.id }, data: { runAt: clock.now() } }),
    )
    for (let n = 0; n < 6; n++) {
      await systemWrite(({ client }) =>
        client.job.updateMany({ where: { tenantId: tenant.id, kind: webhookJob.kind }, data: { runAt: clock.now() } }),
      )
      await turn()
    }
    expect((await rowOf(tenant, keyed)).url).toBe(`${receiver.url}/…?…`)
    expect(await rowOf(tenant, lost)).toMatchObject({ state: 'dead', lastError: 'The connection was refused' })
    const where = { where: { tenantId: tenant.id } }
    const db = systemDb()
    const all = JSON.stringify(
      [
        await db.webhookDelivery.findMany(where),
        await db.webhookAttempt.findMany(where),
        await db.job.findMany(where),
        await db.auditPayload.findMany(where),
        lines,
      ],
      (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    )
    for (const canary of [SECRET, HEADER, 'canary-in-the-query', 'T0AB12CD34EF56']) expect(all).not.toContain(canary)
  })

  it('a webhook that was delivered is not delivered again', async () => {
    const tenant = await newTenant()
    const id = await put(tenant)
    await turn()
    await systemWrite(({ client }) =>
      client.job.updateMany({ where: { tenantId: tenant.id }, data: { status: 'queued', runAt: clock.now() } }),
    )
    await turn()
    expect(received).toHaveLength(1)
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'delivered', attempts: 1 })
  })

  it('the row and the job stand in one commit, or not at all', async () => {
    const tenant = await newTenant()
    const { id, writes } = await webhookWrites(tenant.scope, { ...facts(), url: receiver.url })
    const [delivery] = writes
    if (!delivery) throw new Error('no rows')
    await expect(tenant.scope.command({ audit: [], writes: [...writes, delivery] })).rejects.toThrow()
    expect(await systemDb().webhookDelivery.count({ where: { id } })).toBe(0)
    expect(await systemDb().job.count({ where: { tenantId: tenant.id } })).toBe(0)
  })
})

describeEachDialect('webhooks to private addresses', (dialect) => {
  useKernel(dialect, { clock })
  afterEach(() => systemWrite(({ client }) => client.job.deleteMany()))

  it.each(['literal', 'by name'])('are given up at once: %s', async (how) => {
    const tenant = await newTenant()
    const url = how === 'literal' ? receiver.url : receiver.url.replace('127.0.0.1', 'private.test')
    kernel().slot(
      'core.outbound.resolve',
      () => (_host: string, _options: object, done: (...args: unknown[]) => void) =>
        done(null, [{ address: '10.0.0.7', family: 4 }]),
    )
    const id = await put(tenant, { url })
    await turn()
    expect(received).toEqual([])
    expect(await rowOf(tenant, id)).toMatchObject({ state: 'dead', attempts: 1, lastStatus: null, sealed: null })
    expect((await rowOf(tenant, id)).lastError).toMatch(/private address/)
    expect(await tenant.lastAudit()).toMatchObject({ eventType: 'webhook_delivery_failed' })
  })

  it('and to what is no address at all', async () => {
    const tenant = await newTenant()
    const id = await put(tenant, { url: 'javascript:alert(1)' })
    await turn()
    expect(await rowOf(tenant, id)).toMatchObject({
      state: 'dead',
      sealed: null,
      lastError: 'The address must be an http or https URL',
    })
  })
})
