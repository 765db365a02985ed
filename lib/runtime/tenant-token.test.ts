import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { reachOf } from '@/lib/core/reach'
import type { Identity } from '@/lib/core/scope'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { usage } from '@/lib/governance'
import { getTrace } from '@/lib/tracing'

const SECRET = 't'.repeat(40)
const USAGE = { input: 1_000, output: 1_000 }

const SKILL = (name: string, tool: string) =>
  `---\nname: ${name}\ndescription: About ${name}\nallowed-tools: ${tool}\n---\nThe words of ${name}.\n`

describeEachDialect('a tenant token', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, {
    env: { CLASPER_TENANT_JWT_SECRET: SECRET, LLM_MODEL_FALLBACK: '' },
  })
  beforeEach(() => house.provider.reset())

  const tokenFor = (tenant: AgentTenant, claims: object) =>
    new SignJWT({ tenant_id: tenant.id, user_id: 'u1', allowed_tools: '*', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(kernel().clock.now().getTime() / 1000 + 60)
      .sign(new TextEncoder().encode(SECRET))
  const ask = async (tenant: AgentTenant, name: 'send' | 'compact' | 'llmTask', claims: object, body: object) =>
    tenant.json(name, body, {
      'x-agent-daemon-key': '',
      authorization: `Bearer ${await tokenFor(tenant, claims)}`,
    })
  const asked = () => house.provider.requests()

  it('speaks in its own role alone', async () => {
    const tenant = house.tenant()
    const refused = await ask(tenant, 'send', { agent_role: 'support' }, tenant.say('x'))
    expect([refused.status, refused.body['code']]).toEqual([403, 'permission_denied'])
    expect(asked()).toHaveLength(0)
    expect((await ask(tenant, 'send', { agent_role: 'agent' }, tenant.say('x'))).status).toBe(200)
  })

  it.each(['llmTask', 'compact'] as const)('speaks for its own user alone: %s', async (name) => {
    const tenant = house.tenant()
    const body = { prompt: 'x', messages: [{ role: 'user', content: 'x' }], keep_recent: 0 }
    house.provider.answer(() => ({ text: '{"a":1}' }))
    const refused = await ask(tenant, name, {}, { ...body, user_id: 'victim' })
    expect([refused.status, refused.body['code']]).toEqual([400, 'user_mismatch'])
    expect(asked()).toHaveLength(0)
    const { status, body: reply } = await ask(tenant, name, {}, body)
    expect(status).toBe(200)
    expect(await tenant.trace(String(reply['trace_id']))).toMatchObject({ user_id: 'u1' })
  })

  it('caps what an answer may be long', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: '{"a":1}' }))
    await ask(tenant, 'send', { max_tokens: 33 }, tenant.say('x', { max_tokens: 4_000 }))
    await ask(tenant, 'send', { max_tokens: 33 }, tenant.say('x'))
    await ask(tenant, 'send', { max_tokens: 33 }, tenant.say('x', { max_tokens: 20 }))
    await ask(tenant, 'llmTask', { max_tokens: 33 }, { prompt: 'x', max_tokens: 4_000 })
    await ask(tenant, 'compact', { max_tokens: 33 }, { messages: [{ role: 'user', content: 'x' }], keep_recent: 0 })
    expect(asked().map(({ body }) => body['max_output_tokens'])).toEqual([33, 33, 20, 33, 33])
  })

  it.each(['send', 'llmTask', 'compact'] as const)('spends no more than it has left: %s', async (name) => {
    const tenant = house.tenant()
    const body = { ...tenant.say('x'), prompt: 'x', messages: [{ role: 'user', content: 'x' }], keep_recent: 0 }
    const { status, body: reply } = await ask(tenant, name, { budget_remaining: 0.000_01 }, body)
    expect([status, reply['code']]).toEqual([402, 'request_exceeds_budget'])
    expect(asked()).toHaveLength(0)
    expect(await tenant.audits()).toContain('budget_exceeded')
  })

  it('adds up what the steps of a run cost', async () => {
    const tenant = house.tenant()
    const probe = await ask(tenant, 'send', {}, tenant.say('x', { max_tokens: 10 }))
    expect(probe.status).toBe(200)
    const one = Number((await tenant.ledger())[0]?.reservedMicroUsd)
    const look = { id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }
    house.provider.script({ text: 'Looking.', toolCalls: [look], usage: USAGE }, { text: 'Done.' })
    const claims = { budget_remaining: (one * 1.2) / 1e6 }
    const { body } = await ask(tenant, 'send', claims, tenant.say('x', { max_tokens: 10 }))
    expect(body['stop_reason']).toBe('budget')
    expect(asked()).toHaveLength(2)
  })

  it('sees the skills it names and uses their tools', async () => {
    for (const [name, tool] of [
      ['mine', 'order_lookup'],
      ['other', 'create_ticket'],
    ] as const) {
      mkdirSync(join(house.workspace, 'skills', name), { recursive: true })
      writeFileSync(join(house.workspace, 'skills', name, 'SKILL.md'), SKILL(name, tool))
    }
    const tenant = house.tenant()
    const seen = async (claims: object) => {
      await ask(tenant, 'send', claims, tenant.say('x'))
      return JSON.stringify(asked().at(-1)?.body)
    }
    const all = await seen({ allowed_skills: [] })
    expect(all).toContain('The words of mine')
    expect(all).toContain('The words of other')
    const narrow = await seen({ allowed_skills: ['mine'] })
    expect(narrow).toContain('The words of mine')
    expect(narrow).not.toContain('The words of other')
    expect(narrow).toContain('order_lookup')
    const none = await seen({ allowed_skills: ['none-such'] })
    expect(none).not.toMatch(/The words of|order_lookup/)
    expect(await seen({})).toBe(all)
  })

  describe('and a key that is fenced to workspaces', () => {
    const key = (tenant: AgentTenant, over: Partial<Identity>) =>
      scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: null, ...over }))

    it('read the traces and the spending within their reach', async () => {
      const tenant = house.tenant()
      house.provider.answer(() => ({ text: 'x', usage: USAGE }))
      const { body } = await tenant.json('send', tenant.say('secret'))
      const id = String(body['trace_id'])
      const cases: [Partial<Identity>, boolean][] = [
        [{}, true],
        [{ workspaceIds: ['default'] }, true],
        [{ workspaceIds: ['elsewhere'] }, false],
        [{ workspaceIds: [] }, false],
        [{ userId: 'u1', workspaceIds: ['default'] }, true],
        [{ userId: 'u2', workspaceIds: ['default'] }, false],
        [{ plane: 'ops', userId: 'u2' }, true],
        [{ plane: 'ops', userId: 'u2', workspaceIds: ['elsewhere'] }, false],
      ]
      for (const [over, isOpen] of cases) {
        const scope = key(tenant, over)
        const found = await getTrace(scope, id).catch((error: unknown) => error)
        expect(found, JSON.stringify(reachOf(scope))).toMatchObject(isOpen ? { trace: { id } } : { code: 'not_found' })
        expect((await usage(scope, {})).request_count).toBe(isOpen ? 1 : 0)
      }
    })
  })

  it.each([
    ['compact', { workspace_id: 'nope', messages: [{ role: 'user', content: 'x' }] }, {}],
    ['llmTask', { prompt: 'x' }, { 'x-workspace-id': 'nope' }],
  ] as const)('or a key: %s knows no workspace that there is not', async (name, body, headers) => {
    const { status, body: reply } = await house.tenant().json(name, body, headers)
    expect([status, reply['code']]).toEqual([404, 'not_found'])
    expect(asked()).toHaveLength(0)
  })
})
