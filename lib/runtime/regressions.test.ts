import { beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { endInterrupted } from './interrupted'

describeEachDialect('runs in trouble', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RUN_TIMEOUT_MS: '1500' } })
  beforeEach(() => house.provider.reset())

  const budget = (tenantId: string, limit: number) => {
    const now = kernel().clock.now()
    const row = { tenantId, id: 'tenant', limitMicroUsd: BigInt(limit), createdAt: now, updatedAt: now }
    return systemWrite(({ client }) => client.budget.create({ data: row }))
  }
  const reservation = async () => {
    const probe = house.tenant()
    await probe.json('send', probe.say('Hello', { max_tokens: 10 }))
    return Number((await probe.ledger())[0]?.reservedMicroUsd ?? 0)
  }

  it('a retry takes the place of what it repeats, also where the budget holds only one of them', async () => {
    const one = await reservation()
    const tenant = house.tenant()
    await budget(tenant.id, Math.ceil(one * 1.5))
    house.provider.script({ status: 500 }, { text: 'There.' })
    const { status, body } = await tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))
    expect({ status, response: body['response'] }).toEqual({ status: 200, response: 'There.' })
  })

  it('a repair takes the place of what it repairs', async () => {
    house.provider.answer(() => ({ text: 'no JSON' }))
    const probe = house.tenant()
    await probe.json('llmTask', { prompt: 'n', max_tokens: 400 })
    const [, second] = await probe.ledger()
    const tenant = house.tenant()
    await budget(tenant.id, Math.ceil(Number(second?.reservedMicroUsd) * 1.4))
    house.provider.reset()
    house.provider.script({ text: 'no JSON' }, { text: '{"n": 1}' })
    expect((await tenant.json('llmTask', { prompt: 'n', max_tokens: 400 })).body).toMatchObject({ output: { n: 1 } })
  })

  it('a run that takes too long is a time-out, to its caller and in its trace', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'late', delayMs: 10_000 }))
    const { status, body, headers } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 504, code: 'timeout' })
    expect(await tenant.trace(headers.get('x-trace-id') ?? '')).toMatchObject({
      status: 'timeout',
      error_code: 'timeout',
    })
  })

  it('a run that was taken for dead and comes to its end leaves nothing held', async () => {
    const tenant = house.tenant()
    await budget(tenant.id, 10 ** 9)
    house.provider.answer(() => ({ text: 'alive', delayMs: 400 }))
    const running = tenant.json('send', tenant.say('Hello'))
    const find = () => systemDb().trace.findFirst({ where: { tenantId: tenant.id, status: 'running' } })
    await expect.poll(async () => (await find())?.id ?? null).not.toBeNull()
    const id = (await find())?.id ?? ''
    expect(await endInterrupted(scopeOf(identityOf(tenant.id)), id)).toBe(true)
    expect((await running).status).toBe(409)
    const ledger = await tenant.ledger()
    expect(ledger.map(({ state }) => state)).toEqual(['settled'])
    const { spentMicroUsd, reservedMicroUsd } = await systemDb().budget.findFirstOrThrow({
      where: { tenantId: tenant.id },
    })
    expect({ spentMicroUsd, reservedMicroUsd }).toEqual({
      spentMicroUsd: ledger[0]?.costMicroUsd,
      reservedMicroUsd: 0n,
    })
    expect(await tenant.trace(id)).toMatchObject({ cost: { total_cost_micro_usd: Number(spentMicroUsd) } })
  })

  it('an answer is kept for repetitions before it is posted', async () => {
    const tenant = house.tenant()
    const body = tenant.say('Hello', { idempotency_key: 'k' })
    await tenant.json('send', body)
    await systemWrite(({ client }) =>
      client.idempotencyKey.updateMany({ where: { tenantId: tenant.id }, data: { leaseUntil: new Date(0) } }),
    )
    expect((await tenant.json('send', body)).headers.get('idempotent-replayed')).toBe('true')
    expect(tenant.messages()).toHaveLength(1)
  })

  it('holds more for scripts that need more tokens', async () => {
    const [latin, chinese] = [house.tenant(), house.tenant()]
    await latin.json('send', latin.say('a'.repeat(4_000)))
    await chinese.json('send', chinese.say('漢'.repeat(4_000)))
    const held = async (tenant: typeof latin) => Number((await tenant.ledger())[0]?.reservedMicroUsd)
    expect((await held(chinese)) - (await held(latin))).toBeGreaterThan(4_000 * 0.15)
  })

  it('the same key in another workspace is another message', async () => {
    const tenant = house.tenant()
    const body = tenant.say('Hello', { idempotency_key: 'k' })
    await tenant.json('send', body, { 'x-workspace-id': 'default' })
    const other = await tenant.json('send', body, { 'x-workspace-id': 'nope' })
    expect(other.headers.get('idempotent-replayed')).toBeNull()
    expect([404, 409]).toContain(other.status)
  })
})

describeEachDialect('words of a model', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)

  it('do not reach the audit log as names of tools', async () => {
    const tenant = house.tenant()
    house.provider.script(
      { toolCalls: [{ id: 'c1', name: 'customer_CANARY has cancer', arguments: {} }] },
      { text: 'Done.' },
    )
    await tenant.json('send', tenant.say('Hello'))
    const payloads = await systemDb().auditPayload.findMany({ where: { tenantId: tenant.id } })
    expect(payloads.length).toBeGreaterThan(2)
    expect(JSON.stringify(payloads.map(({ data }) => data))).not.toContain('CANARY')
  })
})
