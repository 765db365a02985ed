import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf } from '@/lib/core/testing/kernel'
import { microUsd } from '@/lib/shared/money'
import { correctionWrites, getTraceRisk } from '@/lib/tracing'

const MAIL = 'ann.otter@example.com'

describeEachDialect('the risk of a run', (dialect) => {
  const house = useAgentHouse(dialect, { env: { LLM_MODEL_FALLBACK: '', CLASPER_RETRY_ATTEMPTS: '1' } })
  beforeEach(() => house.provider.reset())

  const run = async (tenant: AgentTenant, message: string, more: object = {}) => {
    house.provider.script({ text: 'done' })
    const { body, status } = await tenant.json('send', tenant.say(message, more))
    expect(status).toBe(200)
    const { risk } = await getTraceRisk(scopeOf(identityOf(tenant.id, 'viewer')), String(body['trace_id']))
    if (risk === null) throw new Error('no risk')
    return risk
  }

  it('is kept with what it was made from, and comes out the same when it is computed again', async () => {
    const tenant = house.tenant()
    const risk = await run(tenant, `write to ${MAIL}`)
    expect(risk).toMatchObject({ is_final: true, is_equal: true })
    expect(risk.inputs).toMatchObject({
      data_sensitivity: 'pii',
      found: ['email'],
      sources: { workspace: 'none', skills: 'none', caller: 'none', found: 'pii' },
    })
    expect(risk.inputs?.tool_names).toHaveLength(risk.inputs?.tool_count ?? -1)
    expect(risk.recomputed?.score).toBe(risk.stored.score)

    const { trace_id: id } = risk
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { tenantId: tenant.id, id }, data: { riskScore: 1, riskLevel: 'low' } }),
    )
    const scope = scopeOf(identityOf(tenant.id, 'viewer'))
    expect((await getTraceRisk(scope, id)).risk).toMatchObject({ is_equal: false, stored: { score: 1 } })
    const foreign = await newTenant()
    await expect(getTraceRisk(foreign.scope, id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is raised by the caller’s word, never lowered', async () => {
    const tenant = house.tenant()
    const plain = await run(tenant, 'hello')
    const raised = await run(tenant, 'hello', { metadata: { data_sensitivity: 'high', custom_flags: ['night'] } })
    expect(raised.factors).toMatchObject({ data_sensitivity: 70, custom_factors: 20 })
    expect(raised.stored.score).toBeGreaterThan(plain.stored.score)
    const lowered = await run(tenant, MAIL, { metadata: { data_sensitivity: 'none' } })
    expect(lowered.factors).toMatchObject({ data_sensitivity: 100 })
    const { status } = await tenant.json('send', tenant.say('x', { metadata: { data_sensitivity: 'secret' } }))
    expect(status).toBe(400)
  })

  it('counts what a tool brought in, and which tools were used', async () => {
    const tenant = house.tenant()
    house.provider.script(
      { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001', mail: MAIL } }] },
      { text: 'done' },
    )
    const { body } = await tenant.json('send', tenant.say('look'))
    const { risk } = await getTraceRisk(scopeOf(identityOf(tenant.id)), String(body['trace_id']))
    expect(risk?.inputs).toMatchObject({ tools_used: ['order_lookup'], data_sensitivity: 'pii' })
    expect(risk?.at_start?.score).toBeLessThan(risk?.stored.score ?? 0)
  })

  it('takes the word of the workspace; what cannot be read counts as the worst', async () => {
    const tenant = house.tenant()
    const file = join(house.workspace, 'config.yaml')
    try {
      writeFileSync(file, 'data_sensitivity: medium\nrisk_flags: [shared-mailbox]\n')
      await expect
        .poll(async () => (await run(tenant, 'hello')).inputs?.sources?.workspace, { timeout: 10_000 })
        .toBe('medium')
      expect((await run(tenant, 'hello')).inputs?.custom_flags).toEqual(['shared-mailbox'])
      writeFileSync(file, 'data_sensitivity: whatever\n')
      await expect
        .poll(async () => (await run(tenant, 'hello')).inputs?.sources?.workspace, { timeout: 10_000 })
        .toBe('pii')
    } finally {
      writeFileSync(file, '')
    }
  })

  it('is summed by the day with the end of the run: levels, factors, skills', async () => {
    const tenant = house.tenant()
    await run(tenant, 'hello')
    await run(tenant, MAIL)
    house.provider.answer(() => ({ status: 400, body: '{"error":{"message":"no"}}' }))
    expect((await tenant.json('send', tenant.say('third'))).status).toBe(502)
    const where = { tenantId: tenant.id }
    const sums = async () => {
      const rows = await systemDb().traceFactRollup.findMany({ where })
      return rows.map(({ fact, value, traces, errors, costMicroUsd, weight }) => ({
        ...{ fact, value, traces, errors },
        ...{ cost: Number(costMicroUsd), weight: Number(weight) },
      }))
    }
    const counted = async () => {
      const traces = await systemDb().trace.findMany({ where })
      const levels = [...new Set(traces.map(({ riskLevel }) => riskLevel ?? ''))].sort()
      return levels.map((value) => {
        const own = traces.filter(({ riskLevel }) => riskLevel === value)
        return {
          ...{ fact: 'risk_level', value, traces: own.length },
          errors: own.filter(({ status }) => status === 'error').length,
          cost: own.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0),
          weight: own.reduce((sum, { riskScore }) => sum + (riskScore ?? 0), 0),
        }
      })
    }
    const levelsOf = async () =>
      (await sums()).filter(({ fact }) => fact === 'risk_level').sort((a, b) => (a.value < b.value ? -1 : 1))
    expect(await levelsOf()).toEqual(await counted())
    const all = await sums()
    expect(all.find(({ fact, value }) => fact === 'risk_factor' && value === 'data_sensitivity')).toMatchObject({
      traces: 1,
      weight: 100,
    })
    expect(all.some(({ fact, traces }) => fact === 'skill' && traces === 3)).toBe(true)

    const { id } = await systemDb().trace.findFirstOrThrow({ where: { ...where, status: 'error' } })
    await systemWrite(({ client }) =>
      client.trace.updateMany({ where: { ...where, id }, data: { errorCode: 'interrupted' } }),
    )
    const usage = { input: 5, output: 7, cacheRead: 0, cacheWrite: 0 }
    await scopeOf(identityOf(tenant.id)).command({
      audit: [],
      writes: correctionWrites(id, usage, microUsd(1234), false),
    })
    expect(await levelsOf()).toEqual(await counted())
  })
})
