import { describe, expect, it } from 'vitest'
import { declaredTests, permissionChanges, permissionsOf } from './manifest-parts'

const OPEN = { tools: [], maxTokens: null, models: [], http: [] }

describe('what a manifest says', () => {
  it.each([null, 'x', [], { tools: 'all' }, { tools: [1, null] }])('reads no permissions from %j', (permissions) => {
    expect(permissionsOf({ permissions })).toEqual(OPEN)
  })

  it('reads both spellings, and tools that the skill declares itself', () => {
    const http = { clasper: { tools: [{ name: 'weather_get' }, 'nothing'] } }
    expect(
      permissionsOf({ permissions: { tools: ['b', 'a', 'b'], max_tokens: 9, allowed_models: ['m'] }, metadata: http }),
    ).toEqual({ tools: ['a', 'b'], maxTokens: 9, models: ['m'], http: ['weather_get'] })
  })

  it.each([
    [OPEN, { ...OPEN, tools: ['x'] }, ['wider Tool x']],
    [{ ...OPEN, tools: ['x'] }, OPEN, ['narrower Tool x']],
    [{ ...OPEN, maxTokens: 10 }, OPEN, ['wider 10 tokens → no limit of tokens']],
    [OPEN, { ...OPEN, maxTokens: 1_000 }, ['narrower no limit of tokens → 1,000 tokens']],
    [{ ...OPEN, models: ['a'] }, { ...OPEN, models: ['a', 'b'] }, ['wider a → a, b']],
    [OPEN, { ...OPEN, models: ['a'] }, ['narrower any model → a']],
    [{ ...OPEN, models: ['a', 'b'] }, { ...OPEN, models: ['b', 'a'] }, []],
    [{ ...OPEN, tools: ['x'] }, { ...OPEN, http: ['y'] }, ['wider Own HTTP tool y', 'narrower Tool x']],
  ])('tells wider from narrower', (before, after, told) => {
    expect(permissionChanges(before, after).map(({ tone, text }) => `${tone} ${text}`)).toEqual(told)
  })

  it('says what a test expects', () => {
    const [test, other] = declaredTests({
      tests: [
        { name: 'a', input: { q: 1 }, mocks: { look: {} }, expect: { output: 'x' }, expectError: 'no' },
        { name: 'b', judge: { rubric: 'Kind?' }, expectError: false },
        'torn',
      ],
    })
    expect(test).toEqual({
      ...{ name: 'a', description: null, input: { q: 1 }, mocks: ['look'] },
      expects: ['output: {"output":"x"}', 'an error with "no"'],
    })
    expect(other?.expects).toEqual(['a judge: Kind?'])
    expect(declaredTests({ tests: 'none' })).toEqual([])
  })
})
