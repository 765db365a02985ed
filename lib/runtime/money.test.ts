import { beforeEach, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

describeEachDialect('money of runs', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const budget = (tenantId: string, limit: bigint, isHard = true) => {
    const now = kernel().clock.now()
    const row = { tenantId, id: 'tenant', limitMicroUsd: limit, isHard, createdAt: now, updatedAt: now }
    return systemWrite(({ client }) => client.budget.create({ data: row }))
  }
  const budgetOf = (tenantId: string) =>
    systemDb().budget.findUniqueOrThrow({ where: { tenantId_id: { tenantId, id: 'tenant' } } })

  const forecast = async () => {
    const probe = house.tenant()
    await probe.json('send', probe.say('Hello', { max_tokens: 10 }))
    return Number((await probe.ledger())[0]?.reservedMicroUsd ?? 0)
  }

  it('admits exactly one of eight runs that fit one by one, and leaves no task of the others', async () => {
    const one = await forecast()
    const tenant = house.tenant()
    await budget(tenant.id, BigInt(Math.ceil(one * 1.6)))
    house.provider.answer(() => ({ text: 'ok', delayMs: 300 }))
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        tenant.json('send', tenant.say('Hello', { max_tokens: 10, task_title: `Task ${n}` })),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = replies.filter(({ status }) => status === 402)
    expect(refused).toHaveLength(7)
    expect(refused[0]?.body).toMatchObject({
      code: 'budget_in_flight',
      reason: 'budget_exceeded',
      details: { scope: 'tenant' },
    })
    expect(refused[0]?.headers.get('retry-after')).not.toBeNull()
    expect(house.backend.store.all('SELECT * FROM tasks WHERE tenant_id = ?', tenant.id)).toHaveLength(1)
    const { spentMicroUsd, reservedMicroUsd, limitMicroUsd } = await budgetOf(tenant.id)
    expect(reservedMicroUsd).toBe(0n)
    expect(spentMicroUsd).toBeLessThanOrEqual(limitMicroUsd)
    const ledger = await tenant.ledger()
    expect(ledger.reduce((sum, line) => sum + line.costMicroUsd, 0n)).toBe(spentMicroUsd)
    expect((await tenant.audits()).filter((event) => event === 'budget_exceeded')).toHaveLength(7)
  })

  it('tells apart what never fits and what is spent', async () => {
    const tenant = house.tenant()
    await budget(tenant.id, 1n)
    const { status, body } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 402, code: 'request_exceeds_budget' })
    const spent = house.tenant()
    const one = await forecast()
    await budget(spent.id, BigInt(one * 2))
    const now = kernel().clock.now()
    const who = { tenantId: spent.id, id: 'before', workspaceId: 'default', environment: 'default', kind: 'send' }
    const what = { provider: 'openai', model: 'gpt-4o', priceVersion: 'v', createdAt: now, leaseUntil: now }
    await systemWrite(({ client }) =>
      client.ledgerEntry.create({
        data: { ...who, ...what, state: 'settled', reservedMicroUsd: 0n, costMicroUsd: BigInt(one * 2 - 1) },
      }),
    )
    const second = await spent.json('send', spent.say('Hello', { max_tokens: 10 }))
    expect(second.body['code']).toBe('budget_exhausted')
  })

  it('a soft budget stops nobody', async () => {
    const tenant = house.tenant()
    await budget(tenant.id, 1n, false)
    expect((await tenant.json('send', tenant.say('Hello'))).status).toBe(200)
    expect((await budgetOf(tenant.id)).spentMicroUsd).toBeGreaterThan(0n)
  })

  it('a step that does not fit ends the run with what it has said', async () => {
    const one = await forecast()
    const tenant = house.tenant()
    await budget(tenant.id, BigInt(Math.ceil(one * 1.3)))
    house.provider.script({
      text: 'Let me look.',
      toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }],
      usage: { input: 400_000, output: 5 },
    })
    const { body } = await tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))
    expect(body).toMatchObject({ stop_reason: 'budget', response: 'Let me look.' })
    expect((await budgetOf(tenant.id)).reservedMicroUsd).toBe(0n)
  })

  it('nothing answered and nothing left: 402', async () => {
    const one = await forecast()
    const tenant = house.tenant()
    await budget(tenant.id, BigInt(Math.ceil(one * 1.3)))
    house.provider.script({
      toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }],
      usage: { input: 400_000, output: 5 },
    })
    const { status, body } = await tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))
    expect({ status, code: body['code'] }).toEqual({ status: 402, code: 'budget_exhausted' })
    expect(tenant.messages()).toEqual([])
  })

  it('charges compact and llm-task like everything else', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'They agreed on Tuesday.' }, { text: '{"n": 1}' })
    const messages = Array.from({ length: 6 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: `line ${n}` }))
    const compacted = await tenant.json('compact', { messages })
    expect(compacted.body).toMatchObject({ original_count: 6, compacted_count: 3 })
    const task = await tenant.json('llmTask', { prompt: 'Give n', schema: { type: 'object', required: ['n'] } })
    expect(task.body).toMatchObject({ output: { n: 1 }, validated: true })
    const ledger = await tenant.ledger()
    expect(ledger.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['compact settled', 'llm_task settled'])
    for (const { body } of [compacted, task])
      expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ status: 'success' })
  })
})
