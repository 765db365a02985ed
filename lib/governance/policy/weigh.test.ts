import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { microUsd } from '@/lib/shared/money'
import { PolicyDocument } from '../contract/policy-document'
import { factsOf } from './facts'
import type { PolicyEffect, PolicyQuestion } from './question'
import { ruleOf } from './rule'
import { weigh } from './weigh'

const QUESTION: PolicyQuestion = {
  subject: 'tool',
  tool: 'mail:send',
  role: 'support',
  workspaceId: 'default',
  environment: 'production',
  riskLevel: 'high',
  userId: 'ann',
  estimatedCost: microUsd(1_500_000),
  skill: ['billing', 'mail'],
  skillState: 'tested',
  arguments: { to: 'ann@example.com', amount: 120, items: [{ price: 5 }, { price: 50 }] },
  context: {
    exec: { argv0: '/usr/bin/git', argv: ['git', 'push', '--force'], cwd: '/work/app' },
    targets: { paths: ['src/a.ts', '/etc/passwd'], hosts: ['API.Example.com.'] },
  },
}

let made = 0
const rule = (effect: PolicyEffect, over: Record<string, unknown> = {}) =>
  ruleOf(
    PolicyDocument.parse({
      policy_id: `p${++made}`,
      subject: { type: 'tool' },
      effect: { decision: effect },
      ...over,
    }),
  )

const ask = (rules: ReturnType<typeof rule>[], over: Partial<PolicyQuestion> = {}, mode = 'guarded' as const) =>
  weigh(rules, factsOf({ ...QUESTION, ...over }, { tenantId: 't', root: '/work/app' }), mode)

const _isHit = (effect: PolicyEffect, conditions: object, over: Partial<PolicyQuestion> = {}): boolean =>
  ask([rule(effect, { conditions })], over).policyId !== null

describe('who wins', () => {
  test('precedence, then the narrower place, then deny over approval over allow', () => {
    const soft = rule('allow', { precedence: 5 })
    const narrow = rule('allow', { scope: { workspace_id: 'default', environment: 'production' } })
    const middle = rule('require_approval', { scope: { environment: 'production' } })
    const wide = rule('deny', { scope: { workspace_id: 'default' } })
    expect(ask([wide, soft]).decision).toBe('allow')
    expect(ask([wide, narrow, middle]).decision).toBe('allow')
    expect(ask([wide, middle]).decision).toBe('require_approval')
    expect(ask([rule('allow'), rule('require_approval'), wide]).decision).toBe('deny')
    expect(ask([rule('allow'), rule('require_approval')]).decision).toBe('require_approval')
  })

  test('the order in which they were written decides nothing, and deny always wins among equals', () => {
    const effects = fc.constantFrom<PolicyEffect>('allow', 'deny', 'require_approval')
    const scopes = fc.constantFrom(
      {},
      { environment: 'production' },
      { workspace_id: 'default' },
      {
        workspace_id: 'default',
        environment: 'production',
      },
    )
    const drawn = fc.array(fc.tuple(effects, fc.integer({ min: -2, max: 2 }), scopes, fc.nat(3)), {
      minLength: 1,
      maxLength: 9,
    })
    const SEVERITY = { deny: 2, require_approval: 1, allow: 0 }
    fc.assert(
      fc.property(drawn, fc.infiniteStream(fc.nat()), (some, noise) => {
        const rules = some.map(([effect, precedence, scope, level]) =>
          rule(effect, { precedence, scope, ...(level === 0 ? { conditions: { environment: 'nowhere' } } : {}) }),
        )
        const answer = ask(rules)
        const shuffled = rules
          .map((one) => ({ one, at: Number(noise.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one)
        expect(ask(shuffled)).toEqual(answer)
        const matching = rules.filter(({ id }) => answer.matchedPolicies.includes(id))
        const winner = rules.find(({ id }) => id === answer.policyId)
        if (!winner) return
        const equals = matching.filter(
          (one) => one.precedence === winner.precedence && one.specificity === winner.specificity,
        )
        for (const one of matching)
          expect(
            one.precedence < winner.precedence ||
              (one.precedence === winner.precedence && one.specificity <= winner.specificity),
          ).toBe(true)
        for (const one of equals) expect(SEVERITY[one.effect]).toBeLessThanOrEqual(SEVERITY[winner.effect])
      }),
      { numRuns: 300 },
    )
  })
})

describe('who is spoken of', () => {
  test.each([
    [{ type: 'tool', name: 'mail:send' }, true],
    [{ type: 'tool', name: 'mail:*' }, true],
    [{ type: 'tool', name: 'MAIL:Send' }, true],
    [{ type: 'tool', name: 'mail' }, false],
    [{ type: 'tool', name: 'mail:sendall' }, false],
    [{ type: 'environment', name: 'production' }, true],
    [{ type: 'environment', name: 'staging' }, false],
    [{ type: 'risk', name: 'high' }, true],
    [{ type: 'risk', name: 'critical' }, false],
    [{ type: 'agent', name: 'support' }, true],
    [{ type: 'agent' }, true],
    [{ type: 'agent', name: 'planner' }, false],
    [{ type: 'adapter' }, false],
    [{ type: 'cost' }, true],
    [{ type: 'skill', name: 'tested' }, true],
    [{ type: 'skill', name: 'billing' }, true],
    [{ type: 'skill', name: 'other' }, false],
  ])('%j: %s', (subject, expected) => {
    expect(ask([rule('deny', { subject })]).policyId !== null).toBe(expected)
  })

  test('spelling evades nothing', () => {
    for (const tool of ['shell_exec', 'shell-exec', 'Shell.Exec', 'ｓhell.exec'])
      expect(ask([rule('deny', { subject: { type: 'tool', name: 'shell.exec' } })], { tool }).decision).toBe('deny')
  })

  test('a rule that permits one of two skills does not permit both', () => {
    const only = rule('allow', { subject: { type: 'skill', name: 'billing' } })
    expect(ask([only]).policyId).toBeNull()
    expect(ask([only], { skill: 'billing' }).policyId).not.toBeNull()
  })

  test('another workspace or environment is none of its business', () => {
    expect(ask([rule('deny', { scope: { workspace_id: 'other' } })]).decision).toBe('allow')
    expect(ask([rule('deny', { scope: { environment: 'staging' } })]).decision).toBe('allow')
  })
})

describe('where no policy speaks', () => {
  const external = { adapterId: 'coder' }
  const silent = (over: Partial<PolicyQuestion>, mode: 'permissive' | 'guarded' | 'strict', rules = [] as never[]) =>
    weigh(rules, factsOf({ ...QUESTION, ...over }, { tenantId: 't', root: null }), mode)

  test.each([
    ['permissive', 'allow', 'allow'],
    ['guarded', 'allow', 'deny'],
    ['strict', 'deny', 'deny'],
  ] as const)('%s: a tool of a run %s, of an external agent %s', (mode, own, other) => {
    expect(silent({}, mode).decision).toBe(own)
    expect(silent(external, mode).decision).toBe(other)
    expect(silent(external, mode)).toMatchObject({ matchedPolicies: [], policyId: null, isFallback: false })
    expect(silent({ subject: 'run' }, mode).decision).toBe('allow')
  })

  test('a fallback is the last word in guarded, also about what is no tool, and is said to be one', () => {
    const fallback = rule('require_approval', { precedence: -1 })
    const named = rule('allow', { subject: { type: 'tool', name: 'mail:send' } })
    const at = (rules: ReturnType<typeof rule>[], over: Partial<PolicyQuestion>) =>
      weigh(rules, factsOf({ ...QUESTION, ...external, ...over }, { tenantId: 't', root: null }), 'guarded')
    expect(at([fallback], {})).toMatchObject({ decision: 'require_approval', isFallback: true })
    const { tool: _tool, ...whole } = QUESTION
    expect(
      weigh(
        [fallback],
        factsOf({ ...whole, ...external, subject: 'execution' }, { tenantId: 't', root: null }),
        'guarded',
      ),
    ).toMatchObject({ decision: 'require_approval', isFallback: true, matchedPolicies: [fallback.id] })
    expect(at([fallback, named], {})).toMatchObject({ decision: 'allow', isFallback: false, exception: 'hit' })
    expect(at([rule('deny', { precedence: 1 })], { tool: 'x' })).toMatchObject({ decision: 'deny', isFallback: false })
  })
})

describe('what is told', () => {
  test('each rule with its reason, and nothing that the caller sent', () => {
    const secret = 'canary-4711'
    const answer = ask(
      [
        rule('deny', { policy_id: 'big', conditions: { 'arguments.amount': { gt: 100 } } }),
        rule('allow', { policy_id: 'all' }),
        rule('deny', { policy_id: 'huge', conditions: { 'arguments.amount': { gt: 900 } } }),
        rule('deny', { policy_id: 'far', scope: { environment: 'staging' } }),
      ],
      { arguments: { amount: 120, note: secret }, tool: 'mail:send' },
    )
    expect(answer).toMatchObject({ decision: 'deny', policyId: 'big', matchedPolicies: ['big', 'all'] })
    expect(answer.explanation).toBe('The policy big denies the tool mail:send where arguments.amount is more than 100.')
    expect(answer.trace).toEqual([
      { policy_id: 'big', result: 'matched', decision: 'deny', explanation: 'decides' },
      { policy_id: 'all', result: 'matched', decision: 'allow', explanation: 'gives way: deny is stronger' },
      { policy_id: 'huge', result: 'skipped', explanation: 'not so: arguments.amount is more than 900' },
      { policy_id: 'far', result: 'skipped', explanation: 'it is for another workspace or environment' },
    ])
    expect(JSON.stringify(ask([], { tool: 'a canary-4711 with words' }))).not.toContain(secret)
    expect(JSON.stringify(answer)).not.toContain(secret)
  })

  test('an exception that applied, and one that almost did', () => {
    const deny = rule('deny')
    const but = rule('allow', { precedence: 1, conditions: { 'arguments.amount': { lte: 200 } } })
    expect(ask([deny, but]).exception).toBe('hit')
    expect(ask([deny, but], { arguments: { amount: 500 } })).toMatchObject({ decision: 'deny', exception: 'miss' })
    expect(ask([deny])).not.toHaveProperty('exception')
  })

  test('the trace of a thousand rules stays short, and they are weighed fast', () => {
    const rules = Array.from({ length: 1000 }, (_, at) =>
      rule('deny', { conditions: { 'arguments.amount': { gt: 1000 + at }, agent_role: { in: ['support'] } } }),
    )
    const started = performance.now()
    const answer = ask(rules)
    expect(answer.trace).toHaveLength(101)
    expect(answer.trace.at(-1)?.explanation).toBe('and 900 more')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
