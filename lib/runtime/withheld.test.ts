import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { PROBLEMS } from '@/lib/shared/problem'
import { getTrace } from '@/lib/tracing'

describeEachDialect('what a viewer reads of a trace', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { LLM_MODEL_FALLBACK: '', CLASPER_RETRY_ATTEMPTS: '1' } })
  beforeEach(() => house.provider.reset())
  const seenBy = async (tenant: AgentTenant, role: 'viewer' | 'admin') => {
    const { id } = await systemDb().trace.findFirstOrThrow({ where: { tenantId: tenant.id } })
    return (await getTrace(scopeOf(identityOf(tenant.id, role)), id)).trace
  }

  it('names a failure by its code, without what the model said', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'CANARY is no JSON' }))
    await tenant.json('llmTask', { prompt: 'x' })
    const seen = await seenBy(tenant, 'viewer')
    expect(JSON.stringify(seen)).not.toContain('CANARY')
    expect(seen).toMatchObject({
      error_code: 'provider_invalid_output',
      error: PROBLEMS.provider_invalid_output.text,
    })
    expect((await seenBy(tenant, 'admin')).error).toContain('CANARY')
  })

  it('holds no reason of a provider that quotes the prompt', async () => {
    const tenant = house.tenant()
    const body = JSON.stringify({ error: { message: 'Invalid input: CANARY' } })
    house.provider.answer(() => ({ status: 400, body }))
    await tenant.json('send', tenant.say('x'))
    const seen = await seenBy(tenant, 'viewer')
    expect(JSON.stringify(seen)).not.toContain('CANARY')
    expect(seen.steps.find(({ type }) => type === 'llm_call')?.data).toMatchObject({ status: 400, attempt: 1 })
    expect(JSON.stringify(await seenBy(tenant, 'admin'))).toContain('CANARY')
  })

  it('names tools that were offered, and none that the model made up', async () => {
    const tenant = house.tenant()
    house.provider.script({
      toolCalls: [
        { id: 'CANARY id', name: 'CANARY name', arguments: {} },
        { id: 'CANARY too', name: 'order_lookup', arguments: { order_id: '1001' } },
      ],
    })
    await tenant.json('send', tenant.say('x'))
    const seen = await seenBy(tenant, 'viewer')
    expect(JSON.stringify(seen)).not.toContain('CANARY')
    expect(seen.output.tool_calls.map(({ id, name }) => [id, name])).toEqual([
      ['1', '[withheld]'],
      ['2', 'order_lookup'],
    ])
    expect((await seenBy(tenant, 'admin')).output.tool_calls[0]).toMatchObject({ name: 'CANARY name' })
  })

  it('leaves nothing running when a provider says what cannot be stored', async () => {
    const tenant = house.tenant()
    const body = JSON.stringify({ error: { message: 'bad \0 thing \ud800' } })
    house.provider.answer(() => ({ status: 400, body }))
    const { status, body: reply } = await tenant.json('send', tenant.say('x'))
    expect([status, reply['code']]).toEqual([502, 'provider_error'])
    expect(await seenBy(tenant, 'admin')).toMatchObject({ status: 'error', error_code: 'provider_error' })
    expect((await tenant.ledger()).map(({ state }) => state)).not.toContain('reserved')
  })

  it('is refused where metadata has too many keys', async () => {
    const tenant = house.tenant()
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, 1]))
    for (const field of ['metadata', 'task_metadata']) {
      const { status } = await tenant.json('send', tenant.say('x', { [field]: many }))
      expect(status).toBe(400)
    }
  })
})
