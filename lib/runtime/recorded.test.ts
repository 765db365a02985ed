import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

const LONG = 'a long word of the customer, '.repeat(60)

describeEachDialect('the record of a run', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const links = (tenantId: string) => systemDb().traceBody.findMany({ where: { tenantId } })
  const bodies = async (tenantId: string) => {
    const held = (await links(tenantId)).map(({ hash }) => hash)
    return systemDb().body.findMany({ where: { tenantId, hash: { in: held } } })
  }
  const sums = (tenantId: string) => systemDb().traceRollup.findMany({ where: { tenantId } })
  const texts = (tenantId: string) => systemDb().traceText.findMany({ where: { tenantId } })

  it('holds what two runs were both given once, and gives it back whole', async () => {
    const tenant = house.tenant()
    const messages = [{ role: 'user', content: LONG }]
    const first = await tenant.json('send', tenant.say('one', { messages }))
    const before = await bodies(tenant.id)
    const second = await tenant.json('send', tenant.say('two', { messages }))
    const shared = await bodies(tenant.id)
    expect(before.length).toBeGreaterThan(1)
    expect(shared.length).toBeLessThan(before.length * 2)
    expect((await links(tenant.id)).length).toBeGreaterThan(shared.length)
    const [one, two] = await Promise.all([first, second].map(({ body }) => tenant.trace(String(body['trace_id']))))
    expect(String(one?.['redacted_prompt']).length).toBeGreaterThan(1_000)
    expect(String(two?.['redacted_prompt']).length).toBeGreaterThan(1_000)
    for (const body of shared) expect(body.bytes.length).toBeLessThanOrEqual(body.size)
  })

  it('gives each tenant a body of its own', async () => {
    const [a, b] = [house.tenant(), house.tenant()]
    for (const tenant of [a, b])
      await tenant.json('send', tenant.say('x', { messages: [{ role: 'user', content: LONG }] }))
    const [mine, theirs] = await Promise.all([bodies(a.id), bodies(b.id)])
    expect(mine.some(({ hash }) => theirs.some((other) => other.hash === hash))).toBe(true)
  })

  it('has sums that say what the traces say, failures among them', async () => {
    const tenant = house.tenant()
    await tenant.json('send', tenant.say('fine'))
    house.provider.answer(() => ({ status: 400, body: '{"error":{"message":"no"}}' }))
    await tenant.json('send', tenant.say('broken'))
    const traces = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
    const rows = await sums(tenant.id)
    const total = (read: (row: (typeof rows)[number]) => bigint | number) =>
      rows.reduce((sum, row) => sum + BigInt(read(row)), 0n)
    expect(total(({ traces: count }) => count)).toBe(2n)
    expect(total(({ errors }) => errors)).toBe(1n)
    expect(total(({ costMicroUsd }) => costMicroUsd)).toBe(traces.reduce((sum, row) => sum + row.costMicroUsd, 0n))
    expect(total(({ inputTokens }) => inputTokens)).toBe(BigInt(traces.reduce((sum, row) => sum + row.inputTokens, 0)))
    expect(total(({ durationMs }) => durationMs)).toBe(
      BigInt(traces.reduce((sum, row) => sum + (row.durationMs ?? 0), 0)),
    )
  })

  it('is searched by what was said, never by what was hidden', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'The parcel is in Rotterdam.' })
    await tenant.json('send', tenant.say('Where is it? Write to someone@example.com'))
    const [found] = await texts(tenant.id)
    expect(found?.text).toContain('Where is it?')
    expect(found?.text).toContain('Rotterdam')
    expect(found?.text).not.toContain('someone@example.com')
  })
})
