import { describe, expect, it, test } from 'vitest'
import { type KnownCase, Scorer } from '../contract'
import { isWithin, jsonIn, shareWithin } from './compare-json'
import { isNear, numberIn, numbersIn } from './numbers'
import { baseOf, judgedPart, type Outcome, ruledParts, verdictOf } from './score-case'
import { scorerFaults } from './scorer-faults'
import { exactMatch, similarity } from './texts'
import { sequenceScore, toolCallMatch } from './tool-calls'

const said = (text: string, more: Partial<Outcome> = {}): Outcome => ({
  ...{ text, toolCalls: [], durationMs: 10, costMicroUsd: 5 },
  ...more,
})
const one = (more: Partial<KnownCase> = {}): KnownCase => ({ id: 'a', input: 'x', ...more })
const scorer = (value: object) => Scorer.parse(value)

describe('words', () => {
  test.each([
    [['Paris'], '  paris\n', 1],
    [['The  answer'], 'the answer', 1],
    [['Paris'], 'Paris, France', 0],
    [['Rome', 'Paris'], 'PARIS', 1],
    [[{ city: 'Paris' }], '{"city":"PARIS","more":1}', 1],
    [[{ city: 'Paris' }], '```json\n{"city":"paris"}\n```', 1],
    [[{ city: 'Paris' }], 'Paris', 0],
    [[], 'anything', 0],
  ])('exact: %j in %j is %d', (wanted, actual, score) => {
    expect(exactMatch(wanted, actual)).toBe(score)
  })

  it('similar by the sets of words, whatever their order and signs', () => {
    expect(similarity(['a b c d'], 'd, c! b? a')).toBe(1)
    expect(similarity(['a b'], 'b c')).toBeCloseTo(1 / 3)
    expect(similarity(['é ü'], 'É Ü')).toBe(1)
    expect(similarity(['x'], 'y')).toBe(0)
    expect(similarity(['nothing alike', 'a b'], 'a b')).toBe(1)
    expect(similarity([{ a: 1, b: 2 }], '{"a":1,"b":3}')).toBe(0.5)
  })
})

describe('objects', () => {
  test.each([
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { a: 1.00005 }, true],
    [{ a: 1 }, { a: 1.01 }, false],
    [{ a: { b: 'X' } }, { a: { b: 'x ' } }, true],
    [{ a: [1, 2] }, { a: [1, 2, 3] }, false],
    [{ a: null }, {}, false],
    [{ toString: 1 }, {}, false],
    [[], [], true],
  ])('%j within %j: %s', (expected, actual, isThere) => {
    expect(isWithin(expected, actual)).toBe(isThere)
  })
  it('counts leaves', () => {
    expect(shareWithin({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2 } })).toBeCloseTo(2 / 3)
    expect(shareWithin({}, {})).toBe(1)
    expect(jsonIn('{"a":')).toBeUndefined()
  })
})

describe('calls of tools', () => {
  const call = (name: string, args: object = {}) => ({ name, arguments: args })
  test.each([
    [['a'], [call('a')], 1],
    [['a', 'b'], [call('a')], 0.5],
    [['a'], [call('a'), call('b')], 0.9],
    [['a'], [call('b'), call('c')], 0],
    [['a', 'a'], [call('a')], 0.5],
    [[], [call('a'), call('a')], 0.8],
    [[{ name: 'a', arguments: { x: 1 } }], [call('a', { x: 2 })], 0],
    [['a', { name: 'a', arguments: { x: 1 } }], [call('a', { x: 1 }), call('a', { x: 2 })], 1],
  ])('%j against %j is %d', (expected, actual, score) => {
    expect(toolCallMatch(expected, actual)).toBeCloseTo(score)
  })
  it('follow an order', () => {
    const made = [call('a'), call('x'), call('b')]
    expect(sequenceScore(['a', 'b'], made, 'in_order')).toEqual({ score: 1, isMet: true })
    expect(sequenceScore(['a', 'b'], made, 'exact').isMet).toBe(false)
    expect(sequenceScore(['a', 'x'], made, 'prefix').isMet).toBe(true)
    expect(sequenceScore(['b', 'a'], made, 'in_order')).toEqual({ score: 0.5, isMet: false })
    expect(sequenceScore([], [], 'exact')).toEqual({ score: 1, isMet: true })
    expect(sequenceScore(['a', 'x'], made, 'exact').isMet).toBe(false)
  })
})

describe('numbers', () => {
  test.each([
    ['It costs $1,234.50 in all', [1234.5]],
    ['−3 or -4', [-3, -4]],
    ['1e3 and .5', [1000, 0.5]],
    ['none', []],
    ['1 234 567', [1234567]],
  ])('in %j', (text, found) => {
    expect(numbersIn(text)).toEqual(found)
  })
  it('are taken where they are wanted, and near is near', () => {
    expect(numberIn('3 of 4', 'first')).toBe(3)
    expect(numberIn('3 of 4', 'last')).toBe(4)
    expect(numberIn('3 of 4', 'only')).toContain('2 numbers')
    expect(isNear(1.1, 1, { tolerance: 0.1, relative: false })).toBe(true)
    expect(isNear(111, 100, { tolerance: 0.1, relative: true })).toBe(false)
    expect(isNear(110, 100, { tolerance: 0.1, relative: true })).toBe(true)
  })
})

describe('a case', () => {
  it('is the mean of three where something is expected, and nothing where not', () => {
    const wanted = one({ expected_output: 'Paris' })
    expect(baseOf(wanted, said('Paris'))).toEqual({ exact_match: 1, semantic_similarity: 1, tool_call_match: 1 })
    expect(verdictOf(baseOf(wanted, said('London')), [], 0.7)).toEqual({ status: 'failed', score: 1 / 3 })
    expect(verdictOf(baseOf(wanted, said('paris')), [], 0.7)).toEqual({ status: 'passed', score: 1 })
    expect(verdictOf(baseOf(one(), said('anything')), [], 0.7)).toEqual({ status: 'inconclusive', score: null })
  })

  it('that expects only calls does not pass for words alone', () => {
    const base = baseOf(one({ expected_tool_calls: ['pay'] }), said('Paid.'))
    expect(base).toEqual({ exact_match: 1, semantic_similarity: 1, tool_call_match: 0 })
    expect(verdictOf(base, [], 0.7).status).toBe('failed')
  })

  test.each([
    [{ type: 'regex', pattern: '^ORD-\\d+$' }, 'ORD-12', true],
    [{ type: 'regex', pattern: '^ORD-\\d+$' }, 'ord-12', false],
    [{ type: 'regex', pattern: 'ord', ignore_case: true }, 'ORD', true],
    [{ type: 'regex', pattern: 'sorry', negate: true }, 'I am sorry', false],
    [{ type: 'json_schema', schema: { type: 'object', required: ['a'] } }, '{"a":1}', true],
    [{ type: 'json_schema', schema: { type: 'object', required: ['a'] } }, '{"b":1}', false],
    [{ type: 'json_schema', schema: { type: 'object' } }, 'no', false],
    [{ type: 'numeric', expected: 42, tolerance: 1 }, 'It is 41.5', true],
    [{ type: 'numeric', expected: 42 }, 'I do not know', false],
    [{ type: 'latency', max_ms: 9 }, 'late', false],
    [{ type: 'latency', max_ms: 10 }, 'in time', true],
    [{ type: 'cost', max_usd: 0.000005 }, 'cheap', true],
    [{ type: 'cost', max_usd: 0.000004 }, 'dear', false],
  ])('%j says of %j: %s', (rule, text, passed) => {
    const [part] = ruledParts([scorer(rule)], one(), said(text))
    expect(part).toMatchObject({ passed, score: passed ? 1 : 0 })
    const verdict = verdictOf(baseOf(one(), said(text)), part ? [part] : [], 0.7)
    expect(verdict.status).toBe(passed ? 'passed' : 'failed')
  })

  it('fails by what is required, however well it scores else', () => {
    const wanted = one({ expected_output: 'Paris' })
    const parts = ruledParts([scorer({ type: 'latency', max_ms: 1, weight: 0 })], wanted, said('Paris'))
    expect(verdictOf(baseOf(wanted, said('Paris')), parts, 0.7)).toEqual({ status: 'failed', score: 1 })
    const soft = ruledParts([scorer({ type: 'latency', max_ms: 1, required: false, weight: 0 })], wanted, said('Paris'))
    expect(verdictOf(baseOf(wanted, said('Paris')), soft, 0.7)).toEqual({ status: 'passed', score: 1 })
  })

  it('is not decided where a scorer cannot say: neither a number nor calls are expected', () => {
    for (const type of ['numeric', 'tool_sequence']) {
      const parts = ruledParts([scorer({ type })], one({ expected_output: 'words' }), said('words'))
      expect(parts[0]).toMatchObject({ score: null, passed: null })
      expect(verdictOf(baseOf(one({ expected_output: 'words' }), said('words')), parts, 0.7).status).toBe(
        'inconclusive',
      )
    }
  })
})

describe('what a judge says', () => {
  const judge = scorer({ type: 'judge', rubric: 'Is it kind?', threshold: 0.6 }) as Extract<Scorer, { type: 'judge' }>
  const verdict = (value: Parameters<typeof judgedPart>[1]) =>
    verdictOf({ exact_match: null, semantic_similarity: null, tool_call_match: null }, [judgedPart(judge, value)], 0.6)
  test.each([
    [{ verdict: 'pass', score: 0.9, note: null }, 'passed'],
    [{ verdict: 'fail', score: 0.1, note: 'rude' }, 'failed'],
    [{ verdict: 'unsure', score: null, note: null }, 'inconclusive'],
    [{ verdict: 'pass', score: 0.1, note: 'contradicts itself' }, 'inconclusive'],
    [{ verdict: 'fail', score: 0.9, note: 'contradicts itself' }, 'inconclusive'],
    [{ verdict: 'pass', score: null, note: null }, 'inconclusive'],
  ] as const)('%j is %s', (value, status) => {
    expect(verdict(value).status).toBe(status)
  })
})

describe('faults of scorers', () => {
  test.each([
    [[{ type: 'regex', pattern: '(a' }], 'pattern'],
    [[{ type: 'regex', pattern: '(?=a)a' }], 'pattern'],
    [[{ type: 'regex', pattern: '(.)\\1' }], 'pattern'],
    [[{ type: 'json_schema', schema: { type: 'nothing' } }], 'schema'],
    [
      [
        { type: 'latency', max_ms: 1 },
        { type: 'latency', max_ms: 2 },
      ],
      'two scorers',
    ],
    [[{ type: 'latency', max_ms: 1, name: 'exact_match' }], 'taken'],
  ])('%j', (rules, word) => {
    expect(scorerFaults(rules.map(scorer)).join()).toContain(word)
  })
  it('are none where there are none, and a pattern that would take for ever is matched in time', () => {
    const rules = [scorer({ type: 'regex', pattern: '^(a+)+$' })]
    expect(scorerFaults(rules)).toEqual([])
    const started = performance.now()
    expect(ruledParts(rules, one(), said(`${'a'.repeat(50_000)}!`))[0]?.passed).toBe(false)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
