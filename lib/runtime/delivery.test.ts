import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { deliverAnswer } from '@/lib/jobs/deliver-answer'
import { createWorker } from '@/lib/jobs/worker'

type Rule = (request: IncomingMessage, response: ServerResponse) => boolean

// Stands between the runtime and the backend and spoils what the test wants spoiled.
const spoiler = async (target: () => string) => {
  const state: { rule: Rule } = { rule: () => false }
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const forward = () =>
      fetch(`${target()}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/json', 'x-agent-token': String(request.headers['x-agent-token']) },
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      })
    if (request.headers['x-after'] === undefined && state.rule(request, response)) {
      if (response.writableEnded || response.destroyed) return
      await forward()
      response.writeHead(500).end('{}')
      return
    }
    const reply = await forward()
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text())
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rule: (next: Rule) => {
      state.rule = next
    },
    close: () => server.close(),
  }
}

const isPost = (request: IncomingMessage, what: string) =>
  request.method === 'POST' && request.url?.endsWith(what) === true
const refuse =
  (status: number, what: string): Rule =>
  (request, response) => {
    if (!isPost(request, what)) return false
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"no"}')
    return true
  }

describeEachDialect('an answer on its way to the backend', (dialect) => {
  let gate: Awaited<ReturnType<typeof spoiler>>
  const env: Record<string, string> = { CLASPER_BACKEND_ATTEMPTS: '1' }
  beforeAll(async () => {
    gate = await spoiler(() => house.backend.url)
    env['BACKEND_URL'] = gate.url
  })
  const house: AgentHouse = useAgentHouse(dialect, { env })
  beforeEach(() => {
    house.provider.reset()
    gate.rule(() => false)
  })
  afterAll(() => gate.close())

  const deliverNow = async (tenantId: string) => {
    await systemWrite(({ client }) =>
      client.job.updateMany({ where: { tenantId, status: 'queued' }, data: { runAt: kernel().clock.now() } }),
    )
    const worker = createWorker({ jobs: [deliverAnswer], pollMs: 20 })
    worker.start()
    try {
      await expect
        .poll(() => systemDb().job.count({ where: { tenantId, status: 'queued', attempts: 0 } }), { timeout: 10_000 })
        .toBe(0)
      await expect
        .poll(() => systemDb().job.count({ where: { tenantId, status: 'running' } }), { timeout: 10_000 })
        .toBe(0)
    } finally {
      await worker.stop(5_000)
    }
  }

  it('backend down before anything: 502, nothing spent, the run recorded as failed', async () => {
    const tenant = house.tenant()
    gate.rule((_, response) => {
      response.writeHead(500).end('{}')
      return true
    })
    const { status, body, headers } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'control_plane_error' })
    expect(body['error']).toContain('500')
    expect((await tenant.ledger()).every(({ costMicroUsd }) => costMicroUsd === 0n)).toBe(true)
    expect(await tenant.trace(headers.get('x-trace-id') ?? '')).toMatchObject({
      status: 'error',
      error_code: 'control_plane_error',
    })
    expect(house.provider.requests()).toHaveLength(0)
  })

  it('down after the answer: 200 and pending, delivered once when it is back', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'Tuesday.' })
    gate.rule(refuse(503, '/messages'))
    const body = tenant.say('Hello', { idempotency_key: 'k' })
    const { status, body: reply } = await tenant.json('send', body)
    expect({ status, ...reply }).toMatchObject({ status: 'ok', delivery: 'pending', response: 'Tuesday.' })
    expect(tenant.messages()).toEqual([])
    expect(await tenant.trace(String(reply['trace_id']))).toMatchObject({ delivery: 'pending', status: 'success' })
    gate.rule(() => false)
    await deliverNow(tenant.id)
    expect(tenant.messages()).toHaveLength(1)
    const trace = await tenant.trace(String(reply['trace_id']))
    expect(trace).toMatchObject({ delivery: 'posted', message_id: tenant.messages()[0]?.['id'] })
    expect((await tenant.audits()).at(-1)).toBe('agent_answer_delivered')
    expect((await tenant.json('send', body)).headers.get('idempotent-replayed')).toBe('true')
  })

  it('500 after it was stored: the key makes it one message', async () => {
    const tenant = house.tenant()
    gate.rule((request) => isPost(request, '/messages'))
    const { body } = await tenant.json('send', tenant.say('Hello'))
    expect(body['delivery']).toBe('pending')
    expect(tenant.messages()).toHaveLength(1)
    gate.rule(() => false)
    await deliverNow(tenant.id)
    expect(tenant.messages()).toHaveLength(1)
    expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ delivery: 'posted' })
  })

  it('refused for good: 502 that carries the answer, and the same again for the same key', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'Tuesday.' })
    gate.rule(refuse(403, '/messages'))
    const sent = tenant.say('Hello', { idempotency_key: 'k' })
    const { status, body } = await tenant.json('send', sent)
    expect({ status, ...body }).toMatchObject({
      status: 502,
      code: 'control_plane_error',
      error: 'Failed to post message: 403',
      response: 'Tuesday.',
    })
    expect(body['cost']).toMatchObject({ currency: 'USD' })
    expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ delivery: 'refused' })
    const again = await tenant.json('send', sent)
    expect(again.status).toBe(502)
    expect(again.body).toMatchObject({ response: 'Tuesday.', trace_id: body['trace_id'] })
    expect(await tenant.ledger()).toHaveLength(1)
  })

  it('a task that is not there is a refusal', async () => {
    const tenant = house.tenant()
    const { status, body } = await tenant.json(
      'send',
      tenant.say('Hello', { task_id: 'task_none', task_title: undefined }),
    )
    expect({ status, error: body['error'] }).toEqual({ status: 502, error: 'Failed to post message: 404' })
  })

  it('a server that died between its second and third commit leaves the rest to another', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'Tuesday.' })
    gate.rule((request, response) => {
      if (!isPost(request, '/messages')) return false
      response.destroy()
      return true
    })
    const body = tenant.say('Hello', { idempotency_key: 'k' })
    const { parcel, traceId } = await interrupted(tenant, body)
    expect(parcel).toBe(1)
    gate.rule(() => false)
    await deliverNow(tenant.id)
    expect(tenant.messages()).toHaveLength(1)
    expect(await tenant.trace(traceId)).toMatchObject({ delivery: 'posted' })
    const again = await tenant.json('send', body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(again.body).toMatchObject({ delivery: 'posted', response: 'Tuesday.' })
  })

  // Takes the third commit back, as if the process had been killed before it.
  const interrupted = async (tenant: ReturnType<AgentHouse['tenant']>, body: object) => {
    const { body: reply } = await tenant.json('send', body)
    const traceId = String(reply['trace_id'])
    await systemWrite(async ({ client }) => {
      await client.trace.updateMany({ where: { tenantId: tenant.id }, data: { delivery: 'none' } })
      await client.idempotencyKey.updateMany({
        where: { tenantId: tenant.id },
        data: { state: 'running', reply: null },
      })
    })
    return { traceId, parcel: await systemDb().job.count({ where: { tenantId: tenant.id, status: 'queued' } }) }
  }

  it('a plan is also a document', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: '1. Look. 2. Act.' })
    const { body } = await tenant.json('send', tenant.say('Move us', { metadata: { kickoff_plan: true } }))
    expect(body).toMatchObject({ delivery: 'posted' })
    const [document] = house.backend.store.all('SELECT * FROM documents WHERE tenant_id = ?', tenant.id)
    expect(document).toMatchObject({ id: body['document_id'], title: 'Plan', content: '1. Look. 2. Act.' })
    expect(JSON.stringify(house.provider.requests()[0]?.body)).toContain('User request: Move us')
  })
})
