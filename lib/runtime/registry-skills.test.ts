import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '@/lib/core/clock'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { manifestOf } from '@/lib/core/testing/skill-manifests'
import { savedVersion } from '@/lib/core/testing/versions'
import { opsListRegistry, publishSkill, skillStats } from '@/lib/skills'
import { getTraceDetail } from '@/lib/tracing'
import { listSkills, setPin } from '@/lib/workspace'

type Json = Record<string, unknown>

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }

const scopeFor = ({ id }: AgentTenant) => scopeOf(identityOf(id))

const put = async (tenant: AgentTenant, name: string, version: string, state: string, more: Json = {}) => {
  await publishSkill(scopeFor(tenant), manifestOf(name, version, more))
  const where = { tenantId: tenant.id, name, version }
  await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data: { state } }))
}

describeEachDialect('skills of the registry in runs', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => {
    house.provider.reset()
    writeFileSync(
      join(house.workspace, 'skills/registry.yaml'),
      'tea: latest\ncoffee: 1.0.0\norder-lookup: latest\nrefund-request: latest\n',
    )
  })

  const prompt = () => JSON.stringify(house.provider.requests().at(-1)?.body)
  const say = async (tenant: AgentTenant, message = 'Hello', more = {}) => {
    const { status, body } = await tenant.json('send', tenant.say(message, more))
    return { status, body }
  }
  const traceOf = async (tenant: AgentTenant, body: Json) => tenant.trace(String(body['trace_id']))

  it('reach the prompt and the trace; what is not active does not', async () => {
    const tenant = house.tenant()
    await put(tenant, 'tea', '1.9.0', 'active')
    await put(tenant, 'tea', '1.10.0', 'active')
    await put(tenant, 'tea', '1.11.0', 'approved')
    await put(tenant, 'coffee', '1.0.0', 'deprecated')
    const { status, body } = await say(tenant)
    expect(status).toBe(200)
    expect(prompt()).toContain('Do tea as 1.10.0 says.')
    expect(prompt()).not.toContain('1.11.0')
    expect(prompt()).not.toContain('Do coffee')
    expect(await traceOf(tenant, body)).toMatchObject({ skill_versions: { tea: '1.10.0' } })
    expect(await tenant.audits()).not.toContain('skill_deprecated_used')
  })

  it('are the tenant’s own, also where two share a folder, a name and a version', async () => {
    const [a, b, c] = [house.tenant(), house.tenant(), house.tenant()]
    await put(a, 'tea', '1.0.0', 'active', { instructions: 'CANARY-OF-A' })
    await put(b, 'tea', '1.0.0', 'active', { instructions: 'CANARY-OF-B' })
    for (const [tenant, own] of [
      [a, 'CANARY-OF-A'],
      [b, 'CANARY-OF-B'],
      [c, null],
      [a, 'CANARY-OF-A'],
    ] as const) {
      await say(tenant)
      for (const canary of ['CANARY-OF-A', 'CANARY-OF-B'])
        expect([canary, prompt().includes(canary)]).toEqual([canary, canary === own])
    }
  })

  it('come before a file of the same name, and the file says so', async () => {
    const tenant = house.tenant()
    await put(tenant, 'order-lookup', '3.0.0', 'active', { instructions: 'OF-THE-REGISTRY' })
    await say(tenant)
    expect(prompt()).toContain('OF-THE-REGISTRY')
    const { skills } = await listSkills(scopeFor(tenant))
    expect(skills.filter(({ name }) => name === 'order-lookup').map(({ source }) => source)).toContain('workspace')
  })

  it('grant the tools that they ask for, and no others', async () => {
    const [granted, bare] = [house.tenant(), house.tenant()]
    const file = { instructions: 'x', permissions: { tools: [] } }
    for (const tenant of [granted, bare])
      for (const name of ['order-lookup', 'refund-request']) await put(tenant, name, '1.0.0', 'active', file)
    await put(granted, 'tea', '1.0.0', 'active', { permissions: { tools: ['order_lookup'] } })
    for (const [tenant, isOffered] of [
      [granted, true],
      [bare, false],
    ] as const) {
      house.provider.script(LOOKUP, { text: 'Done.' })
      const { body } = await say(tenant, 'Where is it?')
      const trace = await traceOf(tenant, body)
      const calls = (trace['output'] as { tool_calls: Json[] }).tool_calls
      expect(calls).toMatchObject([{ name: 'order_lookup', permitted: isOffered }])
    }
  })

  it('declare tools of their own', async () => {
    const tenant = house.tenant()
    const tools = [{ name: 'brew', description: 'Brews', url: 'https://example.com/brew' }]
    const more = { permissions: { tools: ['brew'] }, metadata: { clasper: { tools } } }
    await put(tenant, 'tea', '1.0.0', 'active', more)
    await say(tenant)
    expect(prompt()).toContain('"brew"')
  })

  it('bring the files that they refer to, which the model may read', async () => {
    const tenant = house.tenant()
    const files = { 'references/water.md': 'SOFT-WATER' }
    await put(tenant, 'tea', '1.0.0', 'active', { instructions: 'See {baseDir}/references/water.md', files })
    const read = (path: string) => ({ toolCalls: [{ id: path, name: 'skill_read', arguments: { path } }] })
    house.provider.script(
      read('registry/tea@1.0.0/references/water.md'),
      read('tea/references/water.md'),
      read('tea/references/../../coffee/x'),
      { text: 'Done.' },
    )
    const { body } = await say(tenant)
    expect(prompt()).toContain('See registry/tea@1.0.0/references/water.md')
    const { output } = await traceOf(tenant, body)
    const calls = (output as { tool_calls: Json[] }).tool_calls
    expect(calls.map(({ result, success }) => [success, String(result).includes('SOFT-WATER')])).toEqual([
      ...[
        [true, true],
        [true, true],
        [false, false],
      ],
    ])
  })

  it('hold the run to their models and to their tokens', async () => {
    const tenant = house.tenant()
    await put(tenant, 'tea', '1.0.0', 'active', {
      permissions: { tools: [], maxTokens: 60, allowedModels: ['gpt-4o-mini'] },
    })
    await say(tenant)
    expect(Object.entries(house.provider.requests()[0]?.body ?? {}).filter(([key]) => /max.*tokens/.test(key))).toEqual(
      [[expect.any(String), 60]],
    )
    const refused = await say(tenant, 'Hello', { model: 'gpt-4o' })
    expect(refused.body).toMatchObject({ code: 'policy_denied', details: { skill: 'tea', model: 'openai/gpt-4o' } })
    expect(house.provider.requests()).toHaveLength(1)
    house.provider.reset()
    house.provider.answer(() => ({ status: 500 }))
    const down = await say(tenant)
    expect(down.body['code']).toBe('provider_error')
    expect(house.provider.requests().every(({ path }) => !path.includes('messages'))).toBe(true)
  })

  it('mask what they want masked, in all that is kept of the run', async () => {
    const tenant = house.tenant()
    await put(tenant, 'tea', '1.0.0', 'active', {
      redaction: { patterns: [], custom_patterns: [{ name: 'leaf', pattern: 'LEAF-[0-9]{4}' }] },
    })
    house.provider.answer(() => ({ text: 'It is LEAF-5678.' }))
    const { body } = await say(tenant, 'What of LEAF-1234?')
    expect(body['response']).toBe('It is LEAF-5678.')
    const kept = JSON.stringify(await traceOf(tenant, body))
    expect([kept.includes('1234'), kept.includes('5678'), kept.includes('[LEAF]')]).toEqual([false, false, true])
    const other = house.tenant()
    const plain = await say(other, 'What of LEAF-1234?')
    expect(JSON.stringify(await traceOf(other, plain.body))).toContain('LEAF-1234')
  })

  it('that are deprecated run where a pin names them, and everybody is told', async () => {
    const tenant = house.tenant()
    const row = { id: tenant.id, name: tenant.id, createdAt: systemClock.now() }
    await systemWrite(({ client }) => client.tenant.upsert({ where: { id: tenant.id }, create: row, update: {} }))
    await put(tenant, 'tea', '1.0.0', 'deprecated')
    const hash = await savedVersion(scopeFor(tenant), 'default', { 'SOUL.md': 'I am pinned.' })
    await setPin(scopeFor(tenant), { workspace_id: 'default', version_hash: hash, skill_pins: { tea: '1.0.0' } })
    const { body } = await say(tenant)
    expect(prompt()).toContain('Do tea as 1.0.0 says.')
    expect(await tenant.audits()).toContain('skill_deprecated_used')
    const detail = await getTraceDetail(scopeFor(tenant), String(body['trace_id']))
    expect(detail.trace).toMatchObject({ skill_versions: { tea: '1.0.0' }, deprecated_skill_used: true })
  })

  describe('counted', () => {
    it('by version: runs, failures and cost are those of the traces', async () => {
      const tenant = house.tenant()
      await put(tenant, 'tea', '1.0.0', 'active')
      await say(tenant)
      await say(tenant)
      house.provider.answer(() => ({ status: 500 }))
      await say(tenant)
      house.provider.reset()
      await put(tenant, 'tea', '1.1.0', 'active')
      await say(tenant)
      const traces = await systemDb().trace.findMany({ where: { tenantId: tenant.id } })
      const costOf = (version: string) =>
        traces
          .filter(({ skillVersions }) => skillVersions === `{"tea":"${version}"}`)
          .reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
      const { versions } = await skillStats(scopeFor(tenant), 'tea', 90)
      expect(versions).toMatchObject([
        { version: '1.1.0', usage_count: 1, error_count: 0, total_cost_micro_usd: costOf('1.1.0') },
        { version: '1.0.0', usage_count: 3, error_count: 1, error_rate: 1 / 3, total_cost_micro_usd: costOf('1.0.0') },
      ])
      expect(costOf('1.0.0')).toBeGreaterThan(0)
      const today = systemClock.now().toISOString().slice(0, 10)
      expect(versions[1]?.last_used?.slice(0, 10)).toBe(today)
      const { skills } = await opsListRegistry(scopeFor(tenant), { limit: 10, offset: 0 })
      expect(skills).toMatchObject([
        { name: 'tea', version: '1.1.0', version_count: 2, usage_count: 4, error_count: 1 },
      ])
      expect(
        (await skillStats(scopeFor(house.tenant()), 'tea', 90).catch((error: { code: string }) => error)) as Json,
      ).toMatchObject({ code: 'not_found' })
      const fenced = scopeOf(identityOf(tenant.id, 'viewer', { workspaceIds: ['elsewhere'] }))
      expect((await skillStats(fenced, 'tea', 90)).versions[1]).toMatchObject({ usage_count: 0, last_used: null })
    })
  })
})
