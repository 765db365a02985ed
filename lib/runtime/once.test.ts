import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

describeEachDialect('the same message twice', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  it('gets the first answer, is charged once and posted once', async () => {
    const tenant = house.tenant()
    const body = tenant.say('Hello', { idempotency_key: 'k1' })
    const first = await tenant.json('send', body)
    const second = await tenant.json('send', body)
    expect(second.body).toEqual(first.body)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.headers.get('x-trace-id')).toBe(first.headers.get('x-trace-id'))
    expect(await tenant.ledger()).toHaveLength(1)
    expect(tenant.messages()).toHaveLength(1)
    const byHeader = await tenant.json('send', tenant.say('Hello'), { 'idempotency-key': 'k1' })
    expect(byHeader.body).toEqual(first.body)
  })

  it.each(['send', 'stream'] as const)('is known by the camelCase spelling too: %s', async (way) => {
    const tenant = house.tenant()
    const first = await tenant.call(way, tenant.say('Hello', { idempotencyKey: 'k1' }))
    await first.text()
    const second = await tenant.call(way, tenant.say('Hello', { idempotencyKey: 'k1' }))
    await second.text()
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await tenant.ledger()).toHaveLength(1)
  })

  it('with another body is a conflict', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('Hello', { idempotency_key: 'k1' }))
    const { status, body } = await tenant.json('send', tenant.say('Bye', { idempotency_key: 'k1' }))
    expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'idempotency_conflict' })
    const both = await tenant.json('send', tenant.say('x', { idempotency_key: 'a' }), { 'idempotency-key': 'b' })
    expect(both.body['code']).toBe('conflicting_fields')
  })

  it('at the same time runs once', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'ok', delayMs: 150 }))
    const body = tenant.say('Hello', { idempotency_key: 'k1' })
    const replies = await Promise.all(Array.from({ length: 6 }, () => tenant.json('send', body)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = replies.filter(({ status }) => status === 409)
    expect(refused.map(({ body: b }) => b['code'])).toEqual(Array(5).fill('idempotency_in_progress'))
    expect(refused[0]?.headers.get('retry-after')).not.toBeNull()
    expect(await tenant.ledger()).toHaveLength(1)
  })

  it('of which nothing came is free again', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ status: 401 }))
    const body = tenant.say('Hello', { idempotency_key: 'k1' })
    expect((await tenant.json('send', body)).status).toBe(502)
    house.provider.reset()
    expect((await tenant.json('send', body)).status).toBe(200)
  })

  it('of two principals or tenants are two messages', async () => {
    const [a, b] = [house.tenant(), house.tenant()]
    const first = await a.json('send', a.say('Hello', { idempotency_key: 'k1' }))
    const second = await b.json('send', b.say('Hello', { idempotency_key: 'k1' }))
    expect(second.headers.get('idempotent-replayed')).toBeNull()
    expect(second.body['trace_id']).not.toBe(first.body['trace_id'])
  })

  it('streams the first answer again', async () => {
    const tenant = house.tenant()
    const { task_title: _, ...body } = tenant.say('Hello', { idempotency_key: 's1' }) as { task_title: string }
    const first = await (await tenant.call('stream', body)).text()
    const reply = await tenant.call('stream', body)
    expect(reply.headers.get('idempotent-replayed')).toBe('true')
    const second = await reply.text()
    const done = (text: string) => text.split('\n').find((line) => line.startsWith('data: {"type":"done"'))
    expect(done(second)).toBe(done(first))
    expect(await tenant.ledger()).toHaveLength(1)
  })

  it('keeps no answer in clear', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'CANARY-4711 is the answer.' })
    await tenant.json('send', tenant.say('Hello', { idempotency_key: 'k1' }))
    const { systemDb } = await import('@/lib/core/system-db')
    const keys = await systemDb().idempotencyKey.findMany({ where: { tenantId: tenant.id } })
    const jobs = await systemDb().job.findMany({ where: { tenantId: tenant.id } })
    expect(keys).toHaveLength(1)
    expect(jobs).toHaveLength(1)
    expect(JSON.stringify([keys, jobs])).not.toContain('CANARY')
  })
})
