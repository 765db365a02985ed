import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { systemDb, systemWrite } from '@/lib/core/system-db'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { approver, refund, refundsOf, workOff, YES } from '@/lib/core/testing/approvals'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { manifestOf } from '@/lib/core/testing/skill-manifests'
import { savedVersion } from '@/lib/core/testing/versions'
import { resolveDecision } from '@/lib/governance'
import { publishSkill } from '@/lib/skills'
import { listTraces } from '@/lib/tracing'
import { TraceQuery } from '@/lib/tracing/contract'
import { bucketOf, compareArms, promoteCanary, saveEnvironment, setCanary, setPin } from '@/lib/workspace'
import { playground } from './playground'
import { replayTrace } from './replay/replay-trace'

const DENY_ALL = '- policy_id: nobody-runs\n  subject: {type: cost}\n  effect: {decision: deny}\n'
const DENY_EVE = '- policy_id: not-eve\n  subject: {type: agent, name: tester}\n  effect: {decision: deny}\n'
const REFUNDS =
  '---\nname: refunds\ndescription: Pays money back\nallowed-tools: refund_create\n---\nPay with refund_create.\n'
const ASK_REFUNDS =
  '- policy_id: ask-refunds\n  subject: {type: tool, name: refund_create}\n  effect: {decision: require_approval}\n'

describeEachDialect('runs in an environment', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  const scopeIn = (tenant: AgentTenant) => scopeOf(identityOf(tenant.id))
  const version = (tenant: AgentTenant, soul: string, more: Record<string, string> = {}) =>
    savedVersion(scopeIn(tenant), 'default', { 'SOUL.md': `I am ${soul}.`, ...more })
  const pinned = async (tenant: AgentTenant, soul: string, more: object = {}, files: Record<string, string> = {}) => {
    const hash = await version(tenant, soul, files)
    const { pin } = await setPin(scopeIn(tenant), { workspace_id: 'default', version_hash: hash, ...more })
    return { hash, pin }
  }
  const promptOf = (at = -1) => JSON.stringify(house.provider.requests().at(at)?.body)
  const modelOf = (at = -1) => (house.provider.requests().at(at)?.body as { model?: string } | undefined)?.model
  const rowOf = (id: unknown) => systemDb().trace.findFirstOrThrow({ where: { id: String(id) } })
  const first = async (tenant: AgentTenant) => {
    // The tenant is made by its first call.
    house.provider.script({ text: 'Hello.' })
    expect((await tenant.json('send', tenant.say('Hello'))).status).toBe(200)
  }

  it('get the pinned version in every way that a run takes, and their traces say so', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const { hash, pin } = await pinned(tenant, 'the pinned one')
    writeFileSync(join(house.workspace, 'IDENTITY.md'), 'A loose file.')
    for (const [name, body] of [
      ['send', tenant.say('Hello')],
      ['stream', tenant.say('Hello')],
      ['send', tenant.say('Hello', { metadata: { type: 'mc.heartbeat', environment: 'default' } })],
    ] as const) {
      house.provider.script({ text: 'Yes.' })
      const reply = await tenant.call(name, body)
      expect(reply.status).toBe(200)
      await reply.text()
      expect(promptOf()).toContain('I am the pinned one.')
      expect(promptOf()).not.toContain('A loose file')
    }
    const rows = await systemDb().trace.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } })
    expect(rows.slice(1).map(({ workspaceHash, pinId, arm }) => [workspaceHash, pinId, arm])).toEqual(
      Array.from({ length: 3 }, () => [hash, pin.id, null]),
    )
    expect(rows[0]).toMatchObject({ pinId: null, environment: 'default' })
    expect(await tenant.trace(rows[1]?.id ?? '')).toMatchObject({ pin_id: pin.id, arm: null, workspace_hash: hash })
  })

  it('that name none are in the default environment of their workspace; one that it does not have is refused', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const hash = await version(tenant, 'in staging')
    const scope = scopeIn(tenant)
    await saveEnvironment(scope, { workspace_id: 'default', environment: 'staging', version_hash: hash })
    house.provider.script({ text: 'Yes.' })
    const { body } = await tenant.json('send', tenant.say('Hello'))
    expect(await rowOf(body['trace_id'])).toMatchObject({ environment: 'staging', workspaceHash: hash })
    const [line] = (await tenant.ledger()).slice(-1)
    expect(line).toMatchObject({ environment: 'staging' })
    const refused = await tenant.json('send', tenant.say('Hello', { metadata: { environment: 'stagign' } }))
    expect(refused.status).toBe(404)
    house.provider.script({ text: '{}' })
    const { body: task } = await tenant.json('llmTask', { prompt: 'Answer {}' })
    expect(await rowOf(task['trace_id'])).toMatchObject({ environment: 'staging' })
    const offer = await playground(scope, {})
    expect(offer).toMatchObject({
      ...{ environment: 'staging', workspace_hash: hash },
      environments: [{ name: 'staging', is_default: true, is_pinned: true }],
    })
  })

  it('take the pinned model, and whoever names another one is refused', async () => {
    const tenant = house.tenant()
    await first(tenant)
    await pinned(tenant, 'pinned', { model_pin: 'gpt-4o', provider_pin: 'openai' })
    house.provider.script({ text: 'Yes.' }, { text: '{}' }, { text: 'Short.' }, { text: 'Yes.' })
    await tenant.json('send', tenant.say('Hello'))
    expect(modelOf()).toBe('gpt-4o')
    await tenant.json('llmTask', { prompt: 'Answer {}' })
    expect(modelOf()).toBe('gpt-4o')
    const messages = ['a', 'b', 'c', 'd'].map((content) => ({ role: 'user', content }))
    await tenant.json('compact', { messages })
    expect(modelOf()).toBe('gpt-4o')
    const before = house.provider.requests().length
    const other = { status: 403, body: { code: 'policy_denied' } }
    expect(await tenant.json('send', tenant.say('Hello', { model: 'gpt-4o-mini' }))).toMatchObject(other)
    expect(await tenant.json('llmTask', { prompt: 'x', model: 'gpt-4o-mini' })).toMatchObject(other)
    expect(house.provider.requests()).toHaveLength(before)
    expect((await tenant.json('send', tenant.say('Hello', { model: 'openai/gpt-4o' }))).status).toBe(200)
  })

  it('obey the policies of the pinned version', async () => {
    const tenant = house.tenant()
    await first(tenant)
    await pinned(tenant, 'shut', {}, { 'policies/a.yaml': DENY_ALL })
    for (const [name, body] of [
      ['send', tenant.say('Hello')],
      ['llmTask', { prompt: 'x' }],
      ['compact', { messages: ['a', 'b', 'c'].map((content) => ({ role: 'user', content })) }],
    ] as const)
      expect(await tenant.json(name, body)).toMatchObject({ status: 403, body: { code: 'policy_denied' } })
  })

  it('that are paused go on with the version that they began with', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const { hash } = await pinned(
      tenant,
      'the first',
      {},
      {
        'policies/a.yaml': ASK_REFUNDS,
        'skills/refunds/SKILL.md': REFUNDS,
      },
    )
    house.provider.script({ text: 'I pay.', toolCalls: [refund('pay')] }, { text: 'Done.' })
    const { status, body } = await tenant.json('send', tenant.say('Refund it'))
    expect(status).toBe(202)
    await pinned(tenant, 'the second')
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    expect(refundsOf(house, tenant)).toHaveLength(1)
    expect(promptOf()).toContain('I am the first.')
    expect(await rowOf(body['trace_id'])).toMatchObject({ status: 'success', workspaceHash: hash })
  })

  it('that are paused go on with the skills of the registry that they began with', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const scope = scopeIn(tenant)
    await publishSkill(scope, manifestOf('refunds', '1.0.0', { permissions: { tools: ['refund_create'] } }))
    const where = { tenantId: tenant.id, name: 'refunds' }
    await systemWrite(({ client }) => client.skillVersion.updateMany({ where, data: { state: 'active' } }))
    const files = { 'policies/a.yaml': ASK_REFUNDS }
    const { hash } = await pinned(tenant, 'the first', { skill_pins: { refunds: '1.0.0' } }, files)
    house.provider.script(
      { text: 'I pay.', toolCalls: [refund('pay')] },
      { text: 'And again.', toolCalls: [refund('again', 7)] },
    )
    const { body } = await tenant.json('send', tenant.say('Refund it'))
    await setPin(scope, { workspace_id: 'default', version_hash: hash, skill_pins: {} })
    await resolveDecision(approver(tenant.id), String(body['decision_id']), YES)
    await workOff()
    expect(refundsOf(house, tenant)).toHaveLength(1)
    expect(await rowOf(body['trace_id'])).toMatchObject({ status: 'paused', skillVersions: '{"refunds":"1.0.0"}' })
  })

  it('are replayed with the version of the record, or with what is pinned now', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const { hash } = await pinned(tenant, 'the first')
    house.provider.script({ text: 'Yes.' })
    const { body } = await tenant.json('send', tenant.say('Hello'))
    const { hash: second } = await pinned(tenant, 'the second')
    const scope = scopeIn(tenant)
    const strict = await replayTrace(scope, String(body['trace_id']), { mode: 'strict' })
    expect(strict).toMatchObject({ status: 'completed', replay_config: { workspace_version: hash } })
    const now = await replayTrace(scopeIn(tenant), String(body['trace_id']), {
      mode: 'strict',
      workspace_version: 'current',
    })
    expect(now).toMatchObject({ status: 'diverged', replay_config: { workspace_version: second } })
  })

  it('with a canary: each person gets one arm, the arms are compared, and its version becomes the pinned one', async () => {
    const tenant = house.tenant()
    await first(tenant)
    const { hash, pin } = await pinned(tenant, 'stable')
    const next = await version(tenant, 'canary', { 'policies/a.yaml': DENY_EVE })
    const scope = scopeIn(tenant)
    await setCanary(scope, 'default', { version_hash: next, percent: 50, users: ['ada', 'eve'] })
    const people = ['ada', 'bo', 'cy', 'di', 'ed', 'fay', 'gus', 'hal']
    const isCanary = (user: string) => user === 'ada' || bucketOf(pin.id, user) < 50
    for (const user of people) {
      house.provider.script({ text: `Hello ${user}.` })
      const more = { user_id: user, session_key: `user:${user}:agent` }
      const { body } = await tenant.json('send', tenant.say('Hello', more))
      expect(promptOf()).toContain(isCanary(user) ? 'I am canary.' : 'I am stable.')
      expect(await rowOf(body['trace_id'])).toMatchObject({
        pinId: pin.id,
        arm: isCanary(user) ? 'canary' : 'stable',
        workspaceHash: isCanary(user) ? next : hash,
      })
    }
    house.provider.answer(() => ({ status: 500 }))
    const failing = await tenant.json('send', tenant.say('Hello', { user_id: 'ada', session_key: 'user:ada:agent' }))
    expect(failing.status).toBe(502)
    house.provider.reset()
    const refused = await tenant.json('send', tenant.say('Hello', { user_id: 'eve', session_key: 'user:eve:tester' }))
    expect(refused.status).toBe(403)
    const canaries = people.filter(isCanary).length
    const compared = await compareArms(scope, 'default', {})
    expect(compared).toMatchObject({
      ...{ environment: 'default', pin_id: pin.id, percent: 50, users: ['ada', 'eve'] },
      stable: { version_hash: hash.slice(0, 16), runs: people.length - canaries, errors: 0, refused_runs: 0 },
      canary: { version_hash: next.slice(0, 16), runs: canaries + 1, errors: 1, refused_runs: 1 },
    })
    expect(compared.canary.error_rate).toBeCloseTo(1 / (canaries + 1))
    expect(compared.error_rate_difference).toMatchObject({ verdict: 'no_difference_shown', confidence: 0.95 })
    expect(compared.canary.p95_duration_ms).toBeGreaterThanOrEqual(compared.canary.p50_duration_ms ?? Infinity)
    expect(compared.stable.total_cost).toBeGreaterThan(0)
    const listed = await listTraces(scope, TraceQuery.parse({ arm: 'canary', pin_id: pin.id, limit: '50' }))
    expect(listed.traces.map((trace) => trace.arm)).toEqual(Array.from({ length: canaries + 1 }, () => 'canary'))
    const { pin: promoted } = await promoteCanary(scope, 'default', {})
    expect(promoted).toMatchObject({ version_hash: next.slice(0, 16), canary: null, id: pin.id })
    await expect(compareArms(scope, 'default', {})).rejects.toMatchObject({ code: 'not_found' })
    house.provider.script({ text: 'Hello bo.' })
    const { body } = await tenant.json('send', tenant.say('Hello', { user_id: 'bo', session_key: 'user:bo:agent' }))
    expect(await rowOf(body['trace_id'])).toMatchObject({ arm: null, workspaceHash: next, pinId: pin.id })
  })
})
