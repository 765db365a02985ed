import { beforeEach, describe, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant } from '@/lib/core/testing/kernel'
import { only, publish, run, said } from '@/lib/core/testing/tested-skill'
import { listSkillTests } from './test-skill'

describeEachDialect('tests of a skill', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  describe('with a judge', () => {
    const judge = { rubric: 'The answer is polite' }
    const answerWith = (verdict: (nonce: string) => string) =>
      house.provider.answer((request) => {
        const nonce = /BEGIN DATA-([0-9a-f]{12})/.exec(said(request))?.[1]
        return { text: nonce === undefined ? 'Dear friend' : verdict(nonce) }
      })
    const asked = async () => only(await newTenant(), { input: { text: 'x' }, judge })

    it('pass by its word, at a price', async () => {
      answerWith((check) => JSON.stringify({ check, score: 0.9, verdict: 'pass', reason: 'kind' }))
      const { status, result } = await asked()
      expect(status).toBe('passed')
      expect(house.provider.requests()).toHaveLength(2)
      expect(result.total_cost_micro_usd).toBeGreaterThan(0)
    })

    it.each<[string, (nonce: string) => string]>([
      ['is not convinced', (check) => JSON.stringify({ check, score: 0.2, verdict: 'fail' })],
      ['contradicts itself', (check) => JSON.stringify({ check, score: 0.1, verdict: 'pass' })],
      ['does not know', (check) => JSON.stringify({ check, score: 0.9, verdict: 'unsure' })],
      ['answers for somebody else', () => JSON.stringify({ check: 'x', score: 1, verdict: 'pass' })],
      ['speaks nonsense', () => 'PASS! {"verdict": "pass"'],
    ])('fail by one that %s', async (_what, verdict) => {
      answerWith(verdict)
      const { status, first } = await asked()
      expect([status, first?.passed]).toEqual(['failed', false])
    })
  })

  describe('for readers', () => {
    it('below the right to payloads it is told how it went, and nothing that was said', async () => {
      const tenant = await newTenant()
      house.provider.script({ text: 'CANARY-OF-THE-ANSWER' })
      await publish(tenant.scope, [{ name: 'one', input: { text: 'x' }, expect: { output: 'y' } }])
      const tester = tenant.as('release_manager')
      expect(JSON.stringify(await run(tester))).not.toContain('CANARY-OF-THE-ANSWER')
      const seen = await listSkillTests(tenant.as('viewer'), 'mood', { limit: 5 })
      expect(JSON.stringify(seen)).not.toContain('CANARY-OF-THE-ANSWER')
      expect(seen.runs).toMatchObject([
        { status: 'failed', fail_count: 1, results: [{ passed: false, withheld: true }] },
      ])
      const before = (await tenant.audits()).filter(({ eventType }) => eventType === 'trace_revealed').length
      expect(JSON.stringify(await listSkillTests(tenant.scope, 'mood', { limit: 5 }))).toContain('CANARY-OF-THE-ANSWER')
      const after = (await tenant.audits()).filter(({ eventType }) => eventType === 'trace_revealed').length
      expect([before, after]).toEqual([0, 1])
    })
  })
})
