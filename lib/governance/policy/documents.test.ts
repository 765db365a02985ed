import { describe, expect, test } from 'vitest'
import { PolicyDocument } from '../contract/policy-document'
import { policiesIn } from './filed'

const base = { policy_id: 'p', subject: { type: 'tool' }, effect: { decision: 'deny' } }
const faultOf = (over: object): string | null => {
  const parsed = PolicyDocument.safeParse({ ...base, ...over })
  return parsed.success ? null : JSON.stringify(parsed.error.issues)
}
const many = (count: number, make: (at: number) => [string, unknown]) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => make(at)))

describe('a policy that is refused', () => {
  test.each<[string, object]>([
    ['an unknown field', { conditions: { nonsense: 1 } }],
    ['a field that is not below a known one', { conditions: { 'runtime.secret': 1 } }],
    ['two operators', { conditions: { tool: { eq: 'a', prefix: 'b' } } }],
    ['no operator', { conditions: { tool: {} } }],
    ['an unknown operator', { conditions: { tool: { regex: '.*' } } }],
    ['a bare list', { conditions: { tool: ['a', 'b'] } }],
    ['a reserved name', { conditions: { 'arguments.__clasper_role': 1 } }],
    ['a reserved name at the top', { conditions: { __clasper_required_role: 'viewer' } }],
    ['a prototype', { conditions: JSON.parse('{"__proto__": 1}') }],
    ['a prototype further in', { conditions: { 'arguments.__proto__.x': 1 } }],
    ['a constructor', { conditions: { 'context.constructor.name': 'x' } }],
    ['an empty segment', { conditions: { 'arguments..x': 1 } }],
    ['too many fields', { conditions: many(33, (at) => [`arguments.f${at}`, 1]) }],
    ['too deep a field', { conditions: { [`arguments${'.a'.repeat(10)}`]: 1 } }],
    ['too long a name', { conditions: { [`arguments.${'a'.repeat(300)}`]: 1 } }],
    ['too long a value', { conditions: { tool: 'a'.repeat(1001) } }],
    ['too long a list', { conditions: { tool: { in: Array.from({ length: 201 }, () => 'a') } } }],
    ['an empty list', { conditions: { tool: { in: [] } } }],
    ['an unknown template', { conditions: { 'arguments.path': { all_under: ['{{env.HOME}}'] } } }],
    ['a negative cost', { conditions: { min_cost: -1 } }],
    ['a cost that is no number', { conditions: { max_cost: '5' } }],
    ['a number that is none', { conditions: { 'arguments.x': Number.NaN } }],
    ['a nested value', { conditions: { 'arguments.x': { eq: { a: 1 } } } }],
    ['another effect', { effect: { decision: 'maybe' } }],
    ['a role for what needs none', { effect: { decision: 'deny', required_role: 'admin' } }],
    ['another subject', { subject: { type: 'person' } }],
    ['a cost with a name', { subject: { type: 'cost', name: 'x' } }],
    ['an id with a path in it', { policy_id: '../x' }],
    ['the name of a route', { policy_id: 'simulate' }],
    ['a key that nobody knows', { override: true }],
    ['too high a precedence', { precedence: 5000 }],
    ['an environment with blanks', { scope: { environment: 'a b' } }],
  ])('%s', (_what, over) => {
    expect(faultOf(over)).not.toBeNull()
  })

  test('what is whole is taken', () => {
    expect(
      faultOf({ conditions: { 'arguments.amount': { gt: 5 }, tool: 'a', min_cost: 0.5 }, precedence: -5 }),
    ).toBeNull()
    expect(faultOf({ effect: { decision: 'require_approval', required_role: 'admin' } })).toBeNull()
  })
})

const faultsIn = (text: string) => policiesIn([{ path: 'policies/a.yaml', text }]).faults
const YAML = '- policy_id: a\n  subject: {type: tool}\n  effect: {decision: deny}\n'

describe('files', () => {
  test('a list, or a map with policies; an empty file says nothing', () => {
    expect(policiesIn([{ path: 'policies/a.yaml', text: YAML }])).toMatchObject({
      faults: [],
      rules: [{ id: 'workspace/a' }],
    })
    expect(faultsIn(`policies:\n${YAML.replaceAll(/^/gm, '  ')}`)).toEqual([])
    expect(faultsIn('# nothing yet\n')).toEqual([])
    expect(policiesIn([{ path: 'a', text: YAML.replace('effect', 'enabled: false\n  effect') }]).rules).toEqual([])
  })

  test.each<[string, string, RegExp]>([
    ['no YAML', 'a: [', /policies\/a[.]yaml is not valid YAML/],
    ['a key twice', `${YAML}  effect: {decision: allow}\n`, /not valid YAML/],
    ['no list', 'just words', /must be a list of policies/],
    ['another key', 'rules: []', /must be a list of policies/],
    ['an id twice', YAML + YAML, /more than one policy workspace\/a/],
    [
      'another workspace',
      `${YAML}  scope: {workspace_id: other}\n`,
      /policies\/a[.]yaml, a: scope: .* that workspace alone/,
    ],
    ['a typo', YAML.replace('subject', 'subjekt'), /policies\/a[.]yaml, a: /],
    ['a prototype', `${YAML}  conditions: {__proto__: 1}\n`, /policies\/a[.]yaml, a: conditions/],
    ['too long a file', `${YAML}#${'x'.repeat(262_144)}`, /longer than/],
    [
      'too many that are off before one that is on',
      `${Array.from({ length: 501 }, (_, at) => `${YAML.replace('a\n', `a${at}\n`)}  enabled: false\n`).join('')}${YAML}`,
      /more than 500/,
    ],
    ['too many', Array.from({ length: 501 }, (_, at) => YAML.replace('a\n', `a${at}\n`)).join(''), /more than 500/],
  ])('%s is a fault', (_what, text, said) => {
    expect(faultsIn(text).join('\n')).toMatch(said)
  })

  test('an anchor that grows without end is refused, and quickly', () => {
    const bomb = [
      'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
      ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]`),
    ].join('\n')
    const started = performance.now()
    expect(faultsIn(bomb).join()).toMatch(/not valid YAML/)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(faultsIn('['.repeat(50_000)).length).toBeGreaterThan(0)
  })

  test('the hash is that of the content: order and layout are nothing', () => {
    const b = YAML.replace('a\n', 'b\n')
    const one = policiesIn([{ path: 'policies/a.yaml', text: YAML + b }])
    const two = policiesIn([
      { path: 'policies/z.yaml', text: b },
      { path: 'policies/y.yaml', text: `# words\n${YAML}` },
    ])
    expect(two.hash).toBe(one.hash)
    expect(policiesIn([{ path: 'a', text: YAML.replace('deny', 'allow') }]).hash).not.toBe(
      policiesIn([{ path: 'a', text: YAML }]).hash,
    )
  })
})
