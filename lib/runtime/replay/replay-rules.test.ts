import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { replayer } from '@/lib/core/testing/replayer'
import { putRedactionRule } from '@/lib/governance'

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }
const { replay } = replayer()

const stepsOf = async (tenant: AgentTenant, traceId: string) => {
  const where = { tenantId: tenant.id, traceId }
  const steps = await systemDb().traceStep.findMany({ where, orderBy: { seq: 'asc' } })
  return steps.map(({ type, data }) => ({ type, data }))
}

describeEachDialect('a replay where the tenant has rules of its own', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const recorded = async (strategy: 'mask' | 'hash' | 'token') => {
    const tenant = house.tenant()
    const scope = scopeOf(identityOf(tenant.id))
    await putRedactionRule(scope, { name: 'order_no', pattern: '\\b1001\\b', strategy, is_enabled: true })
    house.provider.script(LOOKUP, { text: 'Order 1001 is on its way.' })
    const { body } = await tenant.json('send', tenant.say('Where is order 1001?'))
    const id = String(body['trace_id'])
    expect(JSON.stringify(await stepsOf(tenant, id))).not.toContain('1001')
    return { tenant, id }
  }

  it.each(['mask', 'hash', 'token'] as const)('is the same run where numbers became a %s', async (strategy) => {
    const { tenant, id } = await recorded(strategy)
    const { body } = await replay(tenant, id)
    expect(body['first_divergence']).toBeUndefined()
    expect(body).toMatchObject({ status: 'completed' })
    expect(await stepsOf(tenant, String(body['trace_id']))).toEqual(await stepsOf(tenant, id))
  })

  it('finds the recorded result of a call whose arguments were redacted', async () => {
    const { tenant, id } = await recorded('mask')
    house.provider.script(LOOKUP, { text: 'Order 1001 is on its way.' })
    const { body } = await replay(tenant, id, { mode: 'semantic' })
    expect(body).toMatchObject({ status: 'completed' })
    expect(body).not.toHaveProperty('first_divergence')
    const told = (await stepsOf(tenant, String(body['trace_id']))).filter(({ type }) => type === 'tool_result')
    expect(told.map(({ data }) => JSON.parse(data))).toMatchObject([{ answered_by: 'recording' }])
  })
})
