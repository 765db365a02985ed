import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIALECTS } from '../../core/migrate/schema-source'
import { newTenant, useKernel } from '../../core/testing/kernel'
import { decide } from './decide'
import { NO_FILED_POLICIES } from './filed'
import type { PolicyEffect, PolicyQuestion } from './question'
import { type PolicyRule, weigh } from './weigh'

const question: PolicyQuestion = {
  subject: 'tool',
  tool: 'mail:send',
  role: 'agent',
  workspaceId: 'default',
  environment: 'production',
}

const rule = (id: string, effect: PolicyEffect, over: Partial<PolicyRule> = {}): PolicyRule => ({
  id,
  effect,
  precedence: 0,
  specificity: 1,
  applies: () => true,
  ...over,
})

describe('where no policy speaks', () => {
  test('a granted tool passes, with a reason; strict refuses it', () => {
    for (const mode of ['permissive', 'guarded'] as const)
      expect(weigh([], question, mode)).toMatchObject({
        decision: 'allow',
        matchedPolicies: [],
        explanation: 'No policy speaks of the tool mail:send',
      })
    expect(weigh([], question, 'strict')).toMatchObject({ decision: 'deny', matchedPolicies: [] })
    expect(weigh([rule('a', 'allow', { applies: () => false })], question, 'strict').decision).toBe('deny')
    expect(weigh([], { ...question, subject: 'run' }, 'strict').decision).toBe('allow')
  })
})

describe('where policies speak', () => {
  test('precedence first, then how narrow, then how strict', () => {
    const soft = rule('soft', 'allow', { precedence: 5 })
    const narrow = rule('narrow', 'allow', { specificity: 3 })
    const wait = rule('wait', 'require_approval', { explanation: 'A person must agree' })
    const hard = rule('hard', 'deny')
    const winner = (...rules: PolicyRule[]) => weigh(rules, question, 'guarded').decision
    expect(winner(hard, soft)).toBe('allow')
    expect(winner(hard, narrow)).toBe('allow')
    expect(winner(wait, hard)).toBe('deny')
    expect(weigh([rule('a', 'allow'), wait], question, 'strict')).toMatchObject({
      decision: 'require_approval',
      matchedPolicies: ['wait', 'a'],
      explanation: 'A person must agree',
    })
  })

  test('the order in which they were written decides nothing', () => {
    const effects = fc.constantFrom<PolicyEffect>('allow', 'deny', 'require_approval')
    const some = fc.array(fc.tuple(effects, fc.integer({ min: -2, max: 2 }), fc.constantFrom<1 | 2 | 3>(1, 2, 3)), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(some, (drawn) => {
        const rules = drawn.map(([effect, precedence, specificity], i) =>
          rule(String(i), effect, { precedence, specificity }),
        )
        const backwards = weigh([...rules].reverse(), question, 'guarded').decision
        expect(weigh(rules, question, 'guarded').decision).toBe(backwards)
      }),
    )
  })
})

describe.each(DIALECTS)('on %s', (dialect) => {
  useKernel(dialect, { env: { CLASPER_MODE: 'strict' } })

  test('the mode of the server is the one that counts', async () => {
    const { scope } = await newTenant()
    expect(await decide(scope, question)).toMatchObject({ decision: 'deny' })
    expect(await decide(scope, question, NO_FILED_POLICIES, async () => [rule('a', 'allow')])).toMatchObject({ decision: 'allow' })
  })
})
