import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monotonicMs } from './clock'
import { checkSchema, validate } from './json-schema'

const timed = <T>(work: () => T): T => {
  const started = monotonicMs()
  const result = work()
  expect(monotonicMs() - started).toBeLessThan(2_000)
  return result
}

const person = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    age: { type: 'integer', minimum: 0 },
    mail: { type: 'string', format: 'email' },
    code: { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
    home: { $ref: '#/$defs/place' },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: { place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}

describe('a value against a schema', () => {
  test.each<[unknown, string[]]>([
    [{ name: 'Ada' }, []],
    [{ name: 'Ada', age: 3, mail: 'a@b.ch', code: 'CH12', tags: ['a', 'b'], home: { city: 'Bern' } }, []],
    [{}, ['']],
    [{ name: '' }, ['/name']],
    [{ name: 'Ada', age: '3' }, ['/age']],
    [{ name: 'Ada', age: 3.5 }, ['/age']],
    [{ name: 'Ada', age: true }, ['/age']],
    [{ name: 'Ada', mail: 'nobody' }, ['/mail']],
    [{ name: 'Ada', code: 'ch12' }, ['/code']],
    [{ name: 'Ada', tags: ['a', 'a'] }, ['/tags']],
    [{ name: 'Ada', tags: ['c'] }, ['/tags/0']],
    [{ name: 'Ada', home: {} }, ['/home']],
    [{ name: 'Ada', other: 1 }, ['/other']],
    [{ name: 'Ada', age: -1, home: { city: 4 } }, ['/age', '/home/city']],
    [[], ['']],
    [null, ['']],
    ['{"name":"Ada"}', ['']],
    [{ name: 'Ada', toString: 'x' }, ['/toString']],
    [{ name: 'Ada', age: Number.NaN }, ['/age']],
    [undefined, ['']],
  ])('%j', (value, paths) => {
    expect(validate(person, value).map(({ path }) => path)).toEqual(paths)
  })

  test('what is told is plain', () => {
    expect(validate(person, { name: 'Ada', code: 'x', other: 1 })).toEqual([
      { path: '/code', message: 'String does not match the pattern ^[A-Z]{2}\\d+$' },
      { path: '/other', message: 'is not allowed here' },
    ])
  })

  test('names that every object inherits are nothing special', () => {
    const schema = { type: 'object', properties: { constructor: { type: 'number' } }, required: ['constructor'] }
    expect(validate(schema, {})).toHaveLength(1)
    expect(validate(schema, { constructor: 1 })).toEqual([])
    expect(validate({ format: 'constructor' }, 'x')).toEqual([])
    expect(validate({ format: '__proto__' }, 'x')).toEqual([])
    expect(validate({ format: 'pattern (a+)+$' }, 'x')).toEqual([])
  })

  test('a pattern and a format in one place both count, beside other lists', () => {
    const schema = { format: 'email', pattern: '^a', allOf: [{ maxLength: 6 }] }
    expect(validate(schema, 'a@b.ch')).toEqual([])
    expect(validate(schema, 'b@b.ch')).toHaveLength(1)
    expect(validate(schema, 'abcdef')).toHaveLength(1)
    expect(validate(schema, 'aa@b.ch')).toHaveLength(1)
  })

  test('recursion through the value is welcome', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' }, kids: { items: { $ref: '#' } } } }
    expect(validate(tree, { next: { next: { kids: [{}] } } })).toEqual([])
    expect(validate(tree, { next: { kids: [{ next: 3 }] } }).map(({ path }) => path)).toEqual(['/next/kids/0/next'])
  })

  test('schemas of the seventh draft are read as such', () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { n: { type: 'number' } } }
    const uses = { ...schema, properties: { a: { $ref: '#/definitions/n', type: 'string' } } }
    expect(validate(uses, { a: 1 })).toEqual([])
    expect(validate({ ...uses, $schema: undefined }, { a: 1 })).toHaveLength(1)
  })

  test('the schema that was given is left as it is', () => {
    const before = structuredClone(person)
    validate(person, { name: 'Ada' })
    expect(person).toEqual(before)
    expect(Object.getOwnPropertyNames(person)).toEqual(Object.getOwnPropertyNames(before))
  })

  test('no JSON makes it throw, and what was accepted once is accepted as text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (schema, value) => {
        expect(Array.isArray(validate(schema, value))).toBe(true)
        expect(Array.isArray(checkSchema(schema))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('a schema of one constant accepts that value and no other', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (one, other) => {
        expect(validate({ const: one }, one)).toEqual([])
        const isSame = validate({ enum: [one] }, other).length === 0
        expect(isSame).toBe(validate({ const: other }, one).length === 0)
      }),
    )
  })
})

const deep = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = {}
  for (let i = 0; i < levels; i++) value = wrap(value)
  return value
}

describe('a schema that is refused', () => {
  test.each<[string, unknown]>([
    ['no object', 'string'],
    ['a list', []],
    ['nothing', null],
    ['an address elsewhere', { $ref: 'https://example.com/schema.json' }],
    ['a file', { properties: { a: { $ref: 'other.json#/x' } } }],
    ['a reference to nothing', { $ref: '#/$defs/absent' }],
    ['a reference to itself', { $ref: '#' }],
    ['a circle', { $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } }],
    ['a dynamic reference', { $dynamicRef: '#x' }],
    ['an unknown type', { type: 'date' }],
    ['required as a flag', { properties: { a: { type: 'string', required: true } } }],
    ['a list of nothing', { anyOf: [] }],
    ['an enum that is no list', { enum: 'a' }],
    ['a length below zero', { minLength: -1 }],
    ['a pattern that is no text', { pattern: 4 }],
    ['a broken pattern', { pattern: '(' }],
    ['a look-ahead', { pattern: '^(?=a)b' }],
    ['a back-reference', { pattern: '(a)\\1' }],
    ['a huge pattern', { pattern: '(a{100}){100}' }],
    ['a name pattern that runs away', { patternProperties: { '^(a+)+$': {} } }],
    ['a name pattern with overlapping branches', { patternProperties: { '^(a|a)*$': {} } }],
    ['a forbidden key', JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')],
    ['a hundred levels', deep(100, (inner) => ({ properties: { a: inner } }))],
    ['ten thousand parts', { enum: Array.from({ length: 10_000 }, (_, i) => i) }],
    ['a function inside', { const: () => 1 }],
  ])('%s', (_, schema) => {
    const faults = timed(() => checkSchema(schema))
    expect(faults.length).toBeGreaterThan(0)
    expect(validate(schema, {}).length).toBeGreaterThan(0)
  })

  test('a circle of objects does not hang it', () => {
    const schema: Record<string, unknown> = { type: 'object' }
    schema['properties'] = { self: schema }
    expect(timed(() => checkSchema(schema)).length).toBeGreaterThan(0)
  })
})

describe('attacks by cost', () => {
  test('patterns that make other engines stand still', () => {
    for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|ab|b)*c$', 'a*a*a*a*a*a*b', '(x+x+)+y']) {
      expect(checkSchema({ pattern })).toEqual([])
      expect(timed(() => validate({ pattern }, `${'a'.repeat(20_000)}!`)).length).toBeGreaterThan(0)
    }
  })

  test('schemas whose branches double at each level', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`d${i}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${i + 1}` })) }]),
    )
    const schema = { $ref: '#/$defs/d0', $defs: { ...doubling, d30: { type: 'string' } } }
    expect(checkSchema(schema)).toEqual([])
    expect(timed(() => validate(schema, 'x'))).toEqual([{ path: '', message: 'takes too long to check' }])
    const byValue = { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } }
    expect(
      timed(() =>
        validate(
          byValue,
          deep(50, (a) => ({ a })),
        ),
      ).length,
    ).toBeGreaterThan(0)
    expect(validate({ type: 'string' }, 'afterwards')).toEqual([])
  })

  test('values beyond measure', () => {
    const list = { type: 'array', uniqueItems: true }
    expect(
      timed(() =>
        validate(
          list,
          Array.from({ length: 100_000 }, (_, i) => i),
        ),
      ).length,
    ).toBe(1)
    expect(
      timed(() =>
        validate(
          {},
          deep(100_000, (a) => [a]),
        ),
      ).length,
    ).toBe(1)
    expect(timed(() => validate({ items: { type: 'string' } }, new Array(15_000).fill(1))).length).toBeGreaterThan(0)
    expect(timed(() => validate({ format: 'hostname' }, 'a-'.repeat(100_000))).length).toBe(1)
    const circle: Record<string, unknown> = {}
    circle['a'] = circle
    expect(validate({}, circle).length).toBe(1)
    const trap = Object.defineProperty({}, 'a', { enumerable: true, get: () => JSON.parse('{') })
    expect(validate({}, trap).length).toBe(1)
  })
})
