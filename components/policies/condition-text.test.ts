import { describe, expect, it } from 'vitest'
import { Conditions } from '@/lib/governance/contract'
import { conditionsOf, conditionWords, linesOf } from './condition-text'

const WRITTEN = {
  agent_role: 'support',
  estimated_cost: 12.5,
  'context.external_network': true,
  'arguments.note': null,
  'arguments.code': '0042',
  'arguments.number_in_text': '42',
  'arguments.word': 'true',
  'arguments.list': '[1]',
  'arguments.greeting': 'Hello, "you"',
  'arguments.empty': '',
  'arguments.amount_usd': { gte: 100 },
  'arguments.day': { lt: '2026-01-01' },
  environment: { in: ['production', 'staging', 'a, b'] },
  'arguments.codes': { in: ['1', 1, true, null] },
  'arguments.order': { exists: false },
  'arguments.path': { all_under: ['{{workspace.root}}', '/tmp/a b'] },
  'arguments.other': { any_under: ['/etc'] },
  'arguments.url': { prefix: 'https://example.com/' },
  'arguments.urls': { prefix: ['https://', 'http://'] },
  'context.pair': { eq: ['a', 2] },
}

describe('conditions as people write them', () => {
  it('come back as they were, whatever their values look like', () => {
    expect(Conditions.parse(WRITTEN)).toEqual(WRITTEN)
    expect(conditionsOf(linesOf(WRITTEN))).toEqual(WRITTEN)
  })

  it('say in words what they ask', () => {
    expect(linesOf(WRITTEN).map(conditionWords)).toEqual(
      expect.arrayContaining([
        'agent_role is support',
        'arguments.number_in_text is "42"',
        'environment is one of production, staging, "a, b"',
        'arguments.order is not there',
        'arguments.amount_usd is at least 100',
      ]),
    )
  })

  it('leave out a line that names no field yet', () => {
    expect(conditionsOf([{ key: '1', field: ' ', operator: 'eq', value: 'x' }])).toEqual({})
  })
})
