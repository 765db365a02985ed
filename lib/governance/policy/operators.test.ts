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

const isHit = (effect: PolicyEffect, conditions: object, over: Partial<PolicyQuestion> = {}): boolean =>
  ask([rule(effect, { conditions })], over).policyId !== null

describe('conditions', () => {
  test.each<[object, boolean]>([
    [{ agent_role: 'support' }, true],
    [{ agent_role: { eq: 'planner' } }, false],
    [{ agent_role: { in: ['planner', 'support'] } }, true],
    [{ tool: { prefix: 'mail' } }, true],
    [{ tool_group: 'mail' }, true],
    [{ actor: 'user:ann' }, true],
    [{ 'arguments.amount': { gt: 100 } }, true],
    [{ 'arguments.amount': { gt: 120 } }, false],
    [{ 'arguments.amount': { gte: 120 } }, true],
    [{ 'arguments.amount': { lt: 120 } }, false],
    [{ 'arguments.amount': { lte: 120 } }, true],
    [{ 'arguments.items.price': { gt: 40 } }, true],
    [{ 'arguments.missing': { exists: false } }, true],
    [{ 'arguments.amount': { exists: true } }, true],
    [{ 'arguments.missing': { gt: 1 } }, false],
    [{ risk_level: { gte: 'medium' } }, true],
    [{ risk_level: { gt: 'high' } }, false],
    [{ min_cost: 1.5 }, true],
    [{ min_cost: 1.500001 }, false],
    [{ max_cost: 1.5 }, true],
    [{ max_cost: 1.499999 }, false],
    [{ estimated_cost: { gt: 1 } }, true],
    [{ 'context.targets.hosts': 'api.example.com' }, true],
    [{ 'context.exec.argv': { prefix: ['git', 'push'] } }, true],
    [{ 'context.exec.argv': { eq: ['git', 'push'] } }, false],
    [{ 'context.targets.paths': { any_under: ['/etc'] } }, true],
    [{ 'context.targets.paths': { all_under: ['{{workspace.root}}'] } }, false],
    [{ workspace_id: '{{workspace.id}}' }, true],
    [{ 'context.exec.argv0': 'git' }, true],
  ])('%j restricts: %s', (conditions, expected) => {
    expect(isHit('deny', conditions)).toBe(expected)
  })

  test('nothing slips past a restriction by being too much, too deep, or a number', () => {
    const many = Array.from({ length: 1001 }, () => ({ outside: 'x' }))
    const deep = (value: unknown, levels: number): unknown => (levels === 0 ? value : [deep(value, levels - 1)])
    const hostile: [object, Record<string, unknown>, boolean][] = [
      [{ 'arguments.to.outside': { exists: true } }, { to: many }, false],
      [{ 'arguments.to.outside': { exists: false } }, { to: many }, false],
      [{ 'arguments.cmd': 'rm' }, { cmd: deep('rm', 30) }, true],
      [{ 'arguments.cmd': { prefix: 'rm' } }, { cmd: deep('rm -rf', 30) }, true],
      [{ 'arguments.cmd': 'rm' }, { cmd: Array.from({ length: 900 }, () => [[[[[]]]]]) }, false],
      [{ 'arguments.account': { prefix: '99' } }, { account: 9_912 }, false],
    ]
    for (const [conditions, sent, permits] of hostile) {
      expect([conditions, isHit('deny', conditions, { arguments: sent })]).toEqual([conditions, true])
      expect([conditions, isHit('allow', conditions, { arguments: sent })]).toEqual([conditions, permits])
    }
  })

  test('what permits must hold of every value, what restricts bites on any', () => {
    const arguments_ = { host: ['a.example', 'b.example'] }
    const conditions = { 'arguments.host': 'a.example' }
    expect(isHit('deny', conditions, { arguments: arguments_ })).toBe(true)
    expect(isHit('allow', conditions, { arguments: arguments_ })).toBe(false)
    expect(isHit('allow', conditions, { arguments: { host: ['a.example'] } })).toBe(true)
    expect(isHit('allow', conditions, { arguments: { host: [] } })).toBe(false)
    expect(isHit('allow', { 'context.exec.argv0': 'git' })).toBe(false)
  })

  test('what cannot be told restricts and never permits', () => {
    for (const amount of ['many', { of: 5 }, [[['x']]], '', null]) {
      expect(isHit('deny', { 'arguments.amount': { gt: 100 } }, { arguments: { amount } })).toBe(true)
      expect(isHit('allow', { 'arguments.amount': { lte: 100 } }, { arguments: { amount } })).toBe(false)
    }
    expect(isHit('deny', { 'arguments.amount': { gt: 100 } }, { arguments: { amount: '5000' } })).toBe(true)
    expect(isHit('deny', { 'arguments.amount': 5000 }, { arguments: { amount: '5000' } })).toBe(true)
    const many = { list: Array.from({ length: 5000 }, () => 'a') }
    expect(isHit('deny', { 'arguments.list': 'b' }, { arguments: many })).toBe(true)
    expect(isHit('allow', { 'arguments.list': 'a' }, { arguments: many })).toBe(false)
  })

  test('keys with dots in them are found, inherited ones are not', () => {
    expect(isHit('deny', { 'arguments.a.b': 1 }, { arguments: { 'a.b': 1 } })).toBe(true)
    expect(isHit('deny', { 'arguments.a.b': 1 }, { arguments: { a: { b: 2 }, 'a.b': 1 } })).toBe(true)
    expect(isHit('deny', { 'arguments.toString': { exists: true } }, { arguments: {} })).toBe(false)
    const own = JSON.parse('{"__proto__": {"b": 1}}') as Record<string, unknown>
    expect(isHit('deny', { 'arguments.b': 1 }, { arguments: own })).toBe(false)
  })
})

describe('paths', () => {
  const under = (effect: PolicyEffect, path: unknown, roots: string[], root: string | null = '/work/app') =>
    weigh(
      [rule(effect, { conditions: { 'arguments.path': { all_under: roots } } })],
      factsOf({ ...QUESTION, context: {}, arguments: { path } }, { tenantId: 't', root }),
      'guarded',
    ).policyId !== null

  test.each([
    ['src/a.ts', true],
    ['/work/app/src', true],
    ['/work/app', true],
    ['./src/../lib', true],
    ['/work/application', false],
    ['../app2/x', false],
    ['/work/app/../../etc/passwd', false],
    ['src/../../other', false],
    ['//work/app/x', true],
    ['..\\..\\etc', false],
    ['C:\\Windows', false],
    ['~/x', false],
    ['$HOME/x', false],
    ['file:///work/app/x', false],
    ['a\0b', false],
    ['', false],
    [7, false],
    [['src/a.ts', '/etc/x'], false],
    [['src/a.ts', 'lib/b.ts'], true],
  ])('%j is permitted below the workspace: %s', (path, expected) => {
    expect(under('allow', path, ['{{workspace.root}}'])).toBe(expected)
  })

  test('what cannot be told counts as below what is forbidden, and never below what is permitted', () => {
    for (const path of ['~/x', '$HOME/x', 'file:///x', 'a\0b']) expect(under('deny', path, ['/etc'])).toBe(true)
    expect(under('deny', 'src/a.ts', ['/etc'])).toBe(false)
    expect(under('deny', 'src/a.ts', ['/etc'], null)).toBe(true)
    expect(under('allow', '/work/app/x', ['{{workspace.root}}'], null)).toBe(false)
  })

  test('a link counts where it leads and where it stands', () => {
    const facts = (real: string) =>
      factsOf(
        { ...QUESTION, context: {}, arguments: { path: 'link' } },
        {
          tenantId: 't',
          root: '/work/app',
          pathOf: (raw) => (raw === 'link' ? { lexical: '/work/app/link', real } : { lexical: raw, real: raw }),
        },
      )
    const allow = rule('allow', { conditions: { 'arguments.path': { all_under: ['/work/app'] } } })
    const deny = rule('deny', { conditions: { 'arguments.path': { any_under: ['/etc'] } } })
    expect(weigh([allow], facts('/work/app/real'), 'guarded').policyId).not.toBeNull()
    expect(weigh([allow], facts('/etc/passwd'), 'guarded').policyId).toBeNull()
    expect(weigh([deny], facts('/etc/passwd'), 'guarded').decision).toBe('deny')
  })
})
