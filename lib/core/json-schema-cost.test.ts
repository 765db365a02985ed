import { validate as evaluate, type Schema } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monotonicMs } from './clock'
import { checkSchema, MOST_STEPS, validate } from './json-schema'
import { patternSize } from './schema-pattern-size'

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

const spent = (schema: unknown, value: unknown): { steps: number; faults: number; ms: number } => {
  const fuel = { left: MOST_STEPS }
  const started = monotonicMs()
  const faults = validate(schema, value, fuel).length
  return { steps: MOST_STEPS - fuel.left, faults, ms: Math.round(monotonicMs() - started) }
}

const names = many(6_000, (i) => `n${i}`)

describe('what a judgement may cost', () => {
  test.each<[string, unknown, unknown, 'refused' | 'costly' | 'judged']>([
    ['6,000 names for each of 6,000', { items: { required: names } }, many(6_000, () => ({})), 'refused'],
    [
      '4,000 names for each of 6,000',
      { items: { required: names.slice(0, 4_000) } },
      many(6_000, () => ({})),
      'judged',
    ],
    [
      '4,000 names that are not there, in branches',
      { items: { anyOf: [{ required: names.slice(0, 4_000) }, false] } },
      many(6_000, () => ({})),
      'judged',
    ],
    [
      '4,000 names beside another',
      { items: { dependentRequired: { a: names.slice(0, 4_000) } } },
      many(6_000, () => ({ a: 1 })),
      'judged',
    ],
    [
      'lists of objects compared again and again',
      { allOf: many(2_000, () => ({ uniqueItems: true })) },
      many(60, (i) => ({ a: i })),
      'costly',
    ],
    ['4,000 choices for 10,000 items', { items: { enum: many(4_000, (i) => i) } }, many(10_000, () => 3_999), 'judged'],
    [
      'structured choices for structured items',
      { items: { enum: many(1_200, (i) => ({ a: [i] })) } },
      many(5_000, () => ({ a: [1_199] })),
      'judged',
    ],
    [
      'a long text measured again and again',
      { allOf: many(4_000, () => ({ minLength: 1 })) },
      'x'.repeat(100_000),
      'costly',
    ],
    [
      'a long text compared again and again',
      { allOf: many(1_200, () => ({ not: { const: 'y' } })) },
      'x'.repeat(100_000),
      'costly',
    ],
    [
      'a pattern over many texts',
      { items: { pattern: '^(a|b|c|[a-z0-9]{1,40})*$' } },
      many(3_000, () => 'a'.repeat(100)),
      'costly',
    ],
    [
      'patterns of names over many names',
      { patternProperties: Object.fromEntries(many(30, (i) => [`^[a-z]{1,9}x${i}$`, {}])) },
      Object.fromEntries(many(9_000, (i) => [`abcdefgh${i}`, 1])),
      'costly',
    ],
    [
      'many properties that are not there',
      { items: { properties: Object.fromEntries(many(2_000, (i) => [`p${i}`, true])) } },
      many(10_000, () => ({})),
      'costly',
    ],
    [
      'unevaluated parts through many branches',
      { items: { allOf: many(400, () => ({ properties: { a: true } })), unevaluatedProperties: false } },
      many(1_000, () => ({ a: 1 })),
      'costly',
    ],
    [
      'a long format again and again',
      { allOf: many(2_000, () => ({ format: 'uri' })) },
      `a:${'x'.repeat(9e4)}`,
      'costly',
    ],
    [
      'enum on a wide value',
      { items: { allOf: many(50, () => ({ enum: [1] })) } },
      many(900, () => [1, [2]]),
      'judged',
    ],
    ['an ordinary list', { items: { type: 'object', required: ['a'] } }, many(5_000, () => ({ a: 1 })), 'judged'],
  ])('%s', (name, schema, value, end) => {
    const { steps, faults, ms } = spent(schema, value)
    process.stdout.write(`${name}: ${steps} steps, ${faults} faults, ${ms} ms\n`)
    expect(faults).toBeLessThanOrEqual(20)
    if (end === 'refused') expect({ steps, faults }).toEqual({ steps: 0, faults: 1 })
    if (end === 'costly') expect({ isOver: steps > MOST_STEPS, faults }).toEqual({ isOver: true, faults: 1 })
    if (end === 'judged') expect(steps).toBeLessThanOrEqual(MOST_STEPS)
  })
})

describe('what a schema may cost before it is used', () => {
  const huge = '(([a-z]{30}){30}){1,30}'
  test.each<[string, unknown]>([
    ['names', { required: names }],
    ['types', { type: many(6_000, () => 'string') }],
    ['names beside others', { dependentRequired: { a: names } }],
    ['a huge pattern 400 times', { allOf: many(400, () => ({ pattern: huge })) }],
    ['400 huge patterns', { allOf: many(400, (i) => ({ pattern: `${huge}${i}` })) }],
    ['33 small patterns', { allOf: many(33, (i) => ({ pattern: `a${i}` })) }],
    ['5 long patterns', { allOf: many(5, (i) => ({ pattern: `${'a'.repeat(900)}${i}` })) }],
    ['12 patterns that grow', { allOf: many(12, (i) => ({ pattern: `(?:abcdefgh){100}${i}` })) }],
    ['names by pattern', { patternProperties: Object.fromEntries(many(40, (i) => [`^a${i}`, {}])) }],
  ])('%s', (name, schema) => {
    const started = monotonicMs()
    const faults = checkSchema(schema)
    process.stdout.write(`${name}: ${Math.round(monotonicMs() - started)} ms\n`)
    expect(faults).toHaveLength(1)
  })

  test('32 patterns that are used often are fine', () => {
    const allOf = many(400, (i) => ({ pattern: `^a{0,9}${i % 32}?` }))
    expect(checkSchema({ allOf })).toEqual([])
  })

  test.each([
    ['abc', 3],
    ['a{100}', 101],
    ['(a{10}){10}', 143],
    ['[abc]{3,}', 6.5],
    ['\\p{L}{10}', 88],
    ['\\{3}', 3],
  ])('%s is about %d', (source, size) => {
    expect(patternSize(source)).toBeCloseTo(size)
  })
})

const scalar = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b'),
  fc.integer({ min: -2, max: 3 }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { maxKeys: 3 }),
  ),
})).node

const size = fc.nat(3)
const name = fc.constantFrom('a', 'b', 'c')
const kind = fc.constantFrom('string', 'number', 'integer', 'object', 'array', 'boolean', 'null')
const schema = fc.letrec((tie) => {
  const one = tie('node')
  const some = fc.array(one, { minLength: 1, maxLength: 3 })
  const map = fc.dictionary(name, one, { maxKeys: 2 })
  const keys: Record<string, fc.Arbitrary<unknown>> = {
    ...{ type: fc.oneof(kind, fc.uniqueArray(kind, { minLength: 1, maxLength: 2 })), const: value },
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    ...{ anyOf: some, allOf: some, oneOf: some },
    ...Object.fromEntries(['not', 'if', 'then', 'else'].map((key) => [key, one])),
    ...{ properties: map, patternProperties: fc.dictionary(fc.constantFrom('^a', 'b|c'), one), propertyNames: one },
    ...{ additionalProperties: one, required: fc.uniqueArray(name, { maxLength: 2 }), dependentSchemas: map },
    ...{ dependentRequired: fc.dictionary(name, fc.uniqueArray(name)), prefixItems: some, items: one, contains: one },
    ...{ minContains: size, maxContains: size, minItems: size, maxItems: size, uniqueItems: fc.boolean() },
    ...{ minProperties: size, maxProperties: size, minLength: size, maxLength: size },
    ...{
      minimum: size,
      maximum: size,
      exclusiveMinimum: size,
      exclusiveMaximum: size,
      multipleOf: fc.constantFrom(2, 0.5),
    },
  }
  const picked = fc
    .uniqueArray(fc.constantFrom(...Object.keys(keys)), { minLength: 1, maxLength: 3 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, keys[key] ?? one]))))
  return { node: fc.oneof({ maxDepth: 3 }, fc.boolean(), picked) }
}).node

test('what fits, fits by another validator too', () => {
  fc.assert(
    fc.property(schema, value, (rules, given) => {
      fc.pre(typeof rules === 'object' && checkSchema(rules).length === 0)
      const other = evaluate(structuredClone(given), structuredClone(rules) as Schema, '2020-12')
      expect(validate(rules, given).length === 0).toBe(other.valid)
    }),
    { numRuns: 3_000 },
  )
})

test('parts that nobody looked at', () => {
  const rules = {
    properties: { a: true },
    anyOf: [
      { properties: { b: { type: 'string' } }, required: ['b'] },
      { properties: { c: true }, required: ['c'] },
    ],
    unevaluatedProperties: false,
  }
  expect(validate(rules, { a: 1, b: 'x' })).toEqual([])
  expect(validate(rules, { a: 1, b: 'x', c: 1 })).toEqual([])
  expect(validate(rules, { c: 1, d: 1 }).map(({ path }) => path)).toEqual(['/d'])
  expect(validate(rules, { c: 1, b: 1 }).map(({ path }) => path)).toEqual(['/b'])
  const list = { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: false }
  expect(validate(list, [1, 'x'])).toEqual([])
  expect(validate(list, [1, 'x', 2]).map(({ path }) => path)).toEqual(['/2'])
})
