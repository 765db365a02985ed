import { beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants } from '@/lib/core/testing/kernel'
import type { MockRequest } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { only, publish, run, said } from '@/lib/core/testing/tested-skill'
import { promoteSkill } from '@/lib/skills'
import { getTrace } from '@/lib/tracing'
import { listSkillTests } from './test-skill'

type Json = Record<string, unknown>

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }

const tracesOf = (tenant: TestTenant) =>
  systemDb().trace.findMany({ where: { tenantId: tenant.id }, orderBy: [{ startedAt: 'asc' }, { id: 'asc' }] })

describeEachDialect('the tests of a skill', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  describe('through the real loop', () => {
    it('pass by what the model said, leave a charged trace that names the version, and open the way to tested', async () => {
      const tenant = await newTenant()
      await publish(tenant.scope, [
        { name: 'glad', input: { text: 'I love it' }, expect: { mood: 'GOOD', score: 0.80001 } },
      ])
      house.provider.script({ text: '```json\n{"mood": "good", "score": 0.8, "more": 1}\n```' })
      const { status, result, summary } = await run(tenant.scope)
      expect({ status, summary }).toEqual({ status: 'passed', summary: { total: 1, passed: 1, failed: 0 } })
      expect(result).toMatchObject({ skill_version: '1.0.0', pass_rate: 1, mocked: true, model: 'openai/gpt-4o-mini' })
      const [request] = house.provider.requests()
      expect(said(request as MockRequest)).toContain('CANARY-OF-THE-SKILL')
      expect(said(request as MockRequest)).toContain('I love it')
      const [trace] = await tracesOf(tenant)
      expect(trace).toMatchObject({ kind: 'skill_test', status: 'success', skillVersions: '{"mood":"1.0.0"}' })
      expect(result.results[0]?.trace_id).toBe(trace?.id)
      expect(BigInt(result.total_cost_micro_usd)).toBe(trace?.costMicroUsd)
      expect(result.total_cost_micro_usd).toBeGreaterThan(0)
      expect(await tenant.lastAudit()).toMatchObject({ eventType: 'trace_revealed' })
      expect((await tenant.audits()).map(({ eventType }) => eventType)).toContain('skill_test_run')
      expect(await promoteSkill(tenant.scope, 'mood', '1.0.0', { target_state: 'tested' })).toMatchObject({
        skill: { state: 'tested' },
        override_used: false,
      })
    })

    it('fail by a wrong answer, and then nothing is promoted', async () => {
      const tenant = await newTenant()
      house.provider.script({ text: '{"mood": "bad", "score": 0.8}' })
      const { status, first } = await only(tenant, {
        input: { text: 'I love it' },
        expect: { mood: 'good', score: 0.8 },
      })
      expect({ status, first }).toMatchObject({
        status: 'failed',
        first: { passed: false, diff: ['mood: expected "good", got "bad"'], actual: { mood: 'bad' } },
      })
      await expect(promoteSkill(tenant.scope, 'mood', '1.0.0', { target_state: 'tested' })).rejects.toMatchObject({
        code: 'promotion_failed',
      })
    })

    it.each<[string, Json, string, boolean]>([
      ['a text in any case', { expect: { output: 'HELLO there' } }, 'Hello THERE', true],
      ['another text', { expect: { output: 'hello' } }, 'hello there', false],
      ['a number within a ten-thousandth', { expect: { score: 1 } }, '{"score": 1.00009}', true],
      ['a number beyond', { expect: { score: 1 } }, '{"score": 1.0002}', false],
      ['a number as a text', { expect: { score: 1 } }, '{"score": "1"}', false],
      ['a list of another length', { expect: { mood: ['a'] } }, '{"mood": ["a", "b"]}', false],
      ['an object inside', { expect: { score: { a: { b: ['X'] } } } }, '{"score": {"a": {"b": ["x"], "c": 1}}}', true],
      ['a key that is missing', { expect: { constructor: {} } }, '{"score": 1}', false],
      ['a schema that fits', { schema: { type: 'object', required: ['score'] } }, '{"score": 1}', true],
      ['a schema that does not', { schema: { type: 'object', required: ['score'] } }, '{"mood": 1}', false],
      ['a schema and prose', { schema: { type: 'object' } }, 'well', false],
    ])('judge %s', async (_what, expected, text, passes) => {
      const tenant = await newTenant()
      house.provider.script({ text })
      const { first } = await only(tenant, { input: { message: 'go' }, ...expected })
      expect([first?.passed, first?.diff]).toEqual([passes, passes ? undefined : expect.any(Array)])
    })

    it('that expect nothing never pass, and ask no model', async () => {
      const { status, first } = await only(await newTenant(), { input: {} })
      expect([status, first?.error]).toEqual(['failed', 'The test expects nothing, so it cannot pass'])
      expect(house.provider.requests()).toEqual([])
    })

    it('run side by side, each with its own answer', async () => {
      const tenant = await newTenant()
      const tests = Array.from({ length: 9 }, (_, at) => ({ name: `t${at}`, input: { n: at }, expect: { score: at } }))
      await publish(tenant.scope, tests)
      house.provider.answer((request) => {
        const number = /\\"n\\": (\d)/.exec(JSON.stringify(said(request)).replaceAll('\\\\\\"', '\\"'))?.[1]
        return { text: `{"score": ${number === '5' ? 50 : number}}` }
      })
      const { summary, results } = await run(tenant.scope)
      expect(summary).toEqual({ total: 9, passed: 8, failed: 1 })
      expect(results.map(({ name, status }) => [name, status])).toEqual(
        tests.map(({ name }) => [name, name === 't5' ? 'failed' : 'passed']),
      )
    })
  })

  describe('with tools', () => {
    const TOOLS = { permissions: { tools: ['order_lookup'] } }

    it('get what the mock returns, and the backend is not asked', async () => {
      const tenant = await newTenant()
      house.provider.script(LOOKUP, { text: '{"mood": "good"}' })
      const mocks = { order_lookup: { returns: { status: 'MOCKED-STATUS' } } }
      const expected = { mood: 'good', tool_calls: [{ name: 'order_lookup', arguments: { order_id: '1001' } }] }
      const { status, first } = await only(tenant, { input: { text: 'x' }, mocks, expect: expected }, TOOLS)
      expect([status, first?.diff]).toEqual(['passed', undefined])
      expect(said(house.provider.requests()[1] as MockRequest)).toContain('MOCKED-STATUS')
      const tasks = house.backend.store.all('SELECT * FROM messages WHERE tenant_id = ?', tenant.id)
      expect(tasks).toEqual([])
    })

    it('see a mock throw as a failing tool, which a test may wait for', async () => {
      const tenant = await newTenant()
      const mocks = { order_lookup: { throws: 'the shop is closed' } }
      house.provider.script(LOOKUP, { text: 'Sorry.' })
      const waited = await only(tenant, { input: { text: 'x' }, mocks, expectError: 'shop is CLOSED' }, TOOLS)
      expect([waited.status, waited.first?.diff]).toEqual(['passed', undefined])
      house.provider.script(LOOKUP, { text: 'Sorry.' })
      const other = await only(await newTenant(), { input: { text: 'x' }, mocks, expectError: 'no such order' }, TOOLS)
      expect(other.first?.error).toContain('the shop is closed')
      expect(other.status).toBe('failed')
    })

    it('are refused where nobody mocked them, and where the skill does not permit them', async () => {
      house.provider.script(LOOKUP, { text: '{"mood": "good"}' })
      const test = { input: { text: 'x' }, expectError: 'not mocked' }
      expect((await only(await newTenant(), test, TOOLS)).status).toBe('passed')
      const wire = { toolCalls: [{ id: 'c1', name: 'wire_money', arguments: {} }] }
      house.provider.script(wire, { text: '{"mood": "good"}' })
      const mocked = {
        input: { text: 'x' },
        mocks: { wire_money: { returns: 1 } },
        expectError: 'no skill in play grants it',
      }
      const unpermitted = await only(await newTenant(), mocked, { permissions: { tools: [] } })
      expect(unpermitted.status).toBe('passed')
    })
  })

  describe('where something else is wrong', () => {
    it('a provider that is down is no error that a test waited for', async () => {
      house.provider.answer(() => ({ status: 500 }))
      const { status, first } = await only(await newTenant(), { input: { text: 'x' }, expectError: true })
      expect([status, first?.error]).toEqual(['failed', expect.stringContaining('provider_error')])
    })

    it('a test that takes too long fails by its own time', async () => {
      house.provider.script({ text: 'never', stallAfter: 0 })
      const { status, first } = await only(await newTenant(), { input: { text: 'x' }, expectError: true, timeout: 400 })
      expect([status, first?.error]).toEqual(['failed', expect.stringContaining('timeout')])
      expect(first?.duration_ms).toBeLessThan(15_000)
    })

    it('a model that the skill does not allow is not asked', async () => {
      const { status, first } = await only(
        await newTenant(),
        { input: { text: 'x' }, expect: { mood: 'good' } },
        { permissions: { tools: [], allowedModels: ['anthropic/*'] } },
      )
      expect([status, first?.error]).toEqual([
        'failed',
        'policy_denied: The skill mood does not allow the model openai/gpt-4o-mini.',
      ])
      expect(house.provider.requests()).toEqual([])
    })

    it('a skill that cannot run on this host is said to be so', async () => {
      const tenant = await newTenant()
      await publish(tenant.scope, [{ name: 'one', expect: { a: 1 } }], { gates: { bins: ['no-such-program'] } })
      await expect(run(tenant.scope)).rejects.toMatchObject({ message: expect.stringContaining('no-such-program') })
    })

    it('a skill without tests, one of another tenant and one that is not there', async () => {
      const [a, b] = await twoTenants()
      await publish(a.scope, [])
      await expect(run(a.scope)).rejects.toMatchObject({ code: 'no_tests', message: 'Skill has no tests defined' })
      await expect(run(b.scope)).rejects.toMatchObject({ code: 'not_found' })
      await expect(run(a.scope, {}, '9.9.9')).rejects.toMatchObject({ code: 'not_found' })
      await expect(listSkillTests(b.scope, 'mood', { limit: 5 })).rejects.toMatchObject({ code: 'not_found' })
    })

    it('a workspace beyond the fence of the caller is not entered', async () => {
      const tenant = await newTenant()
      await publish(tenant.scope, [{ name: 'one', expect: { a: 1 } }])
      const fenced = scopeOf(identityOf(tenant.id, 'admin', { workspaceIds: ['sales'] }))
      const { result } = await run(fenced, { workspace_id: 'default' })
      expect(result.results[0]?.error).toContain('workspace_access_denied')
    })

    it('whoever leaves ends it, and nothing is kept of it', async () => {
      const tenant = await newTenant()
      await publish(tenant.scope, [{ name: 'one', input: { text: 'x' }, expect: { a: 1 } }])
      const leaving = new AbortController()
      house.provider.answer(() => {
        leaving.abort(new Error('gone'))
        return { text: 'x', delayMs: 2_000 }
      })
      const scope = Object.defineProperty(Object.create(tenant.scope) as Scope, 'signal', { value: leaving.signal })
      await expect(run(scope)).rejects.toThrow('gone')
      expect(await systemDb().skillTestRun.count({ where: { tenantId: tenant.id } })).toBe(0)
    })
  })

  describe('what a manifest holds a run to', () => {
    it('tokens: the model is told no more than the skill allows', async () => {
      house.provider.script({ text: '{"mood": "good"}' })
      const test = { input: { text: 'x' }, expect: { mood: 'good' } }
      await only(await newTenant(), test, { permissions: { tools: [], maxTokens: 77 } })
      const { body } = house.provider.requests()[0] as MockRequest
      expect(Object.entries(body).filter(([key]) => /max.*tokens/.test(key))).toEqual([[expect.any(String), 77]])
    })

    it('masks: what it wants hidden stands nowhere, and other skills are not touched', async () => {
      const redaction = { custom_patterns: [{ name: 'case_id', pattern: 'CASE-[0-9]{6}' }] }
      const test = { input: { message: 'Look at CASE-123456' }, expect: { output: 'about [CASE_ID] now' } }
      const tenant = await newTenant()
      house.provider.answer(() => ({ text: 'about CASE-123456 now' }))
      await publish(tenant.scope, [{ name: 'one', ...test }], { redaction })
      await run(tenant.scope)
      const kept = await systemDb().skillTestRun.findFirstOrThrow({ where: { tenantId: tenant.id } })
      expect(JSON.stringify(kept.results)).not.toContain('123456')
      expect(JSON.stringify(kept.results)).toContain('[CASE_ID]')
      const [trace] = await tracesOf(tenant)
      const shown = JSON.stringify(await getTrace(scopeOf(identityOf(tenant.id)), trace?.id ?? ''))
      expect([shown.includes('123456'), shown.includes('[CASE_ID]')]).toEqual([false, true])
      const plain = await newTenant()
      const { first } = await only(plain, { input: { message: 'CASE-123456' }, expect: { output: 'x' } })
      expect(first?.output).toContain('CASE-123456')
    })
  })
})
