import { beforeEach, expect, it } from 'vitest'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { explainLine, proveLedger, setBudget } from '@/lib/governance'

describeEachDialect('budgets of every scope, around real runs', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => house.provider.reset())

  const scopeFor = (tenant: AgentTenant) => scopeOf(identityOf(tenant.id))
  const budget = (tenant: AgentTenant, scope: string, micro: number, over: object = {}) =>
    setBudget(scopeFor(tenant), { scope, budget_usd: micro / 1e6, ...over })
  const stored = async (tenant: AgentTenant) =>
    new Map((await systemDb().budget.findMany({ where: { tenantId: tenant.id } })).map((row) => [row.id, row]))
  const forecast = async () => {
    const probe = house.tenant()
    await probe.json('send', probe.say('Hello', { max_tokens: 10 }))
    return Number((await probe.ledger())[0]?.reservedMicroUsd ?? 0)
  }
  const call = { id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }

  it('the one that refuses is named; whom it does not concern goes on', async () => {
    const tenant = house.tenant()
    await budget(tenant, 'tenant', 1e9)
    await budget(tenant, 'user:u1', 1, { period: 'daily' })
    const { status, body } = await tenant.json('send', tenant.say('Hello'))
    expect(status).toBe(402)
    expect(body).toMatchObject({
      error: 'Budget exceeded',
      code: 'request_exceeds_budget',
      reason: 'budget_exceeded',
      details: { scope: 'user:u1', budget_usd: 0.000001, spent_usd: 0, reserved_usd: 0, remaining_usd: 0.000001 },
    })
    expect(dateOf(String((body['details'] as { resets_at: string }).resets_at)) > kernel().clock.now()).toBe(true)
    expect(house.provider.requests()).toHaveLength(0)
    const other = { user_id: 'u2', session_key: 'user:u2:agent' }
    expect((await tenant.json('send', tenant.say('Hello', other))).status).toBe(200)
    expect((await stored(tenant)).get('tenant')?.reservedMicroUsd).toBe(0n)
  })

  it('every path is charged in every scope, and the ledger is all that is shown', async () => {
    const tenant = house.tenant()
    const keys = ['tenant', 'workspace:default', 'environment:default', 'environment:default/default']
    for (const key of [...keys, 'role:agent', 'user:u1']) await budget(tenant, key, 1e12)
    house.provider.script(
      { text: 'Looking.', toolCalls: [call], usage: { input: 1_234, output: 56 } },
      { text: 'Done.', usage: { input: 2_345, output: 67 } },
      { text: 'A stream.', usage: { input: 345, output: 6 } },
      { text: 'They agreed.', usage: { input: 99, output: 9 } },
      { text: '{"n": 1}', usage: { input: 77, output: 7 } },
    )
    expect((await tenant.json('send', tenant.say('Hello'))).status).toBe(200)
    await (await tenant.call('stream', tenant.say('Hello'))).text()
    const messages = Array.from({ length: 6 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: `line ${n}` }))
    await tenant.json('compact', { messages, user_id: 'u1' })
    await tenant.json('llmTask', { prompt: 'Give n', user_id: 'u1' })
    const ledger = await tenant.ledger()
    const total = ledger.reduce((sum, line) => sum + line.costMicroUsd, 0n)
    const ofAgents = ledger
      .filter(({ agentRole }) => agentRole === 'agent')
      .reduce((sum, l) => sum + l.costMicroUsd, 0n)
    expect(new Set(ledger.map(({ kind }) => kind))).toEqual(new Set(['send', 'stream', 'compact', 'llm_task']))
    const budgets = await stored(tenant)
    for (const key of [...keys, 'user:u1'])
      expect(budgets.get(key)).toMatchObject({ spentMicroUsd: total, reservedMicroUsd: 0n })
    expect(budgets.get('role:agent')).toMatchObject({ spentMicroUsd: ofAgents, reservedMicroUsd: 0n })
    const proof = await proveLedger(scopeFor(tenant))
    expect(proof).toMatchObject({
      ok: true,
      differences: [],
      totals: { ledger_micro_usd: Number(total), traces_micro_usd: Number(total), rollups_micro_usd: Number(total) },
    })
    for (const line of ledger) {
      const { why, sum_usd: sum, entry } = await explainLine(scopeFor(tenant), line.id)
      expect(why.length).toBeGreaterThan(0)
      expect(Math.round((sum ?? -1) * 1e6)).toBe(entry.cost_micro_usd)
      expect(entry.price_version).toMatch(/^[0-9a-f]{12}$/)
    }
  })

  it('a step that does not fit the cap of a run ends it with what it has said', async () => {
    const one = await forecast()
    const tenant = house.tenant()
    await budget(tenant, 'tenant', 1e12, { per_run_usd: (one * 1.5) / 1e6 })
    house.provider.script({ text: 'Let me look.', toolCalls: [call], usage: { input: 1_000, output: 500 } })
    const { body } = await tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))
    expect(body).toMatchObject({ stop_reason: 'budget', response: 'Let me look.' })
    house.provider.script({ toolCalls: [call], usage: { input: 1_000, output: 500 } })
    const silent = await tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))
    expect(silent).toMatchObject({
      status: 402,
      body: { code: 'request_exceeds_budget', details: { scope: 'run', budget: 'tenant' } },
    })
    expect((await stored(tenant)).get('tenant')?.reservedMicroUsd).toBe(0n)
  })

  it('the threshold is told once in a period, in the log and to those who listen', async () => {
    const one = await forecast()
    const tenant = house.tenant()
    await budget(tenant, 'role:agent', one * 100, { alert_threshold: 0.000_1, hard_limit: false })
    await Promise.all([1, 2, 3].map(() => tenant.json('send', tenant.say('Hello', { max_tokens: 10 }))))
    expect((await tenant.audits()).filter((event) => event === 'budget_warning')).toHaveLength(1)
    const told = await systemDb().outboxEvent.findMany({ where: { tenantId: tenant.id, topic: 'budget.threshold' } })
    expect(told).toHaveLength(1)
    expect(JSON.stringify(told[0]?.payload)).not.toMatch(/usd/)
  })

  it('a ledger that cannot be read: 503, and nobody is asked', async () => {
    const tenant = house.tenant()
    const rename = (from: string, to: string) =>
      kernel().db.writer.transaction(null, ({ client }) =>
        client.$executeRawUnsafe(`ALTER TABLE "${from}" RENAME TO "${to}"`),
      )
    await rename('LedgerEntry', 'LedgerElsewhere')
    try {
      for (const name of ['send', 'llmTask'] as const) {
        const { status, body } = await tenant.json(name, { ...tenant.say('Hello'), prompt: 'x' })
        expect([name, status, body['code']]).toEqual([name, 503, 'ledger_unavailable'])
      }
      expect(house.provider.requests()).toHaveLength(0)
    } finally {
      await rename('LedgerElsewhere', 'LedgerEntry')
    }
    expect((await tenant.json('send', tenant.say('Hello'))).status).toBe(200)
  })
})
