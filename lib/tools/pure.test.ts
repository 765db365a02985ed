import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { argumentFault } from './argument-faults'
import { climbingArgument } from './path-arguments'
import { type Grants, permits, refusalOf } from './permission'
import { cappedText, resultText } from './result-text'
import { aliasesFor, isToolName } from './tool-name'

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,20}$/)
const pattern = fc.oneof(
  word,
  fc.constant('*'),
  word.map((name) => `${name}:*`),
)
const patterns = fc.array(pattern, { maxLength: 6 })

describe('matching', () => {
  test.each<[readonly string[] | '*', string, boolean]>([
    [[], 'a', false],
    ['*', 'a', true],
    [['*'], 'ns:x', true],
    [['a'], 'a', true],
    [['a'], 'A', false],
    [['a'], 'ab', false],
    [['ns:*'], 'ns:x', true],
    [['ns:*'], 'ns:x:y', true],
    [['ns:*'], 'ns', false],
    [['ns:*'], 'ns:', false],
    [['ns:*'], 'nsx:y', false],
    [['ns:*'], 'other:ns:x', false],
    [['ns*'], 'nsx', false],
    [['*:x'], 'ns:x', false],
    [[':*'], ':x', false],
    [['n.:*'], 'ns:x', false],
    [['Bash(git:*)'], 'Bash', false],
  ])('%j and %s: %s', (list, name, expected) => {
    expect(permits(list, name)).toBe(expected)
  })

  test('a list is the union of its patterns; nothing else opens anything', () => {
    fc.assert(
      fc.property(patterns, patterns, word, (some, more, name) => {
        expect(permits([...some, ...more], name)).toBe(permits(some, name) || permits(more, name))
        const bySpelling = some.some(
          (one) =>
            one === '*' ||
            one === name ||
            (one.endsWith(':*') && name.startsWith(one.slice(0, -1)) && name !== one.slice(0, -1)),
        )
        expect(permits(some, name)).toBe(bySpelling)
      }),
    )
  })

  const grants = fc.record({
    skills: patterns,
    tenant: fc.record(
      { allowed: fc.oneof(patterns, fc.constant('*' as const)), denied: patterns, claim: patterns },
      { requiredKeys: ['allowed', 'denied'] },
    ),
  }) as fc.Arbitrary<Grants>

  test('every layer must allow, and a denial always wins', () => {
    fc.assert(
      fc.property(grants, word, ({ skills, tenant }, name) => {
        const isAllowed = refusalOf({ skills, tenant }, name) === null
        const { allowed, denied, claim = '*' } = tenant
        expect(isAllowed).toBe(
          permits(skills, name) && permits(allowed, name) && permits(claim, name) && !permits(denied, name),
        )
        expect(refusalOf({ skills, tenant: { ...tenant, denied: [...denied, name] } }, name)).not.toBeNull()
        expect(refusalOf({ skills: [], tenant }, name)).toMatchObject({ layer: 'skills' })
      }),
    )
  })

  test('a token narrows and never widens', () => {
    fc.assert(
      fc.property(grants, patterns, word, (given, claim, name) => {
        const { claim: _, ...tenant } = given.tenant
        const without = refusalOf({ ...given, tenant }, name) === null
        const withClaim = refusalOf({ ...given, tenant: { ...tenant, claim } }, name) === null
        expect(withClaim && !without).toBe(false)
      }),
    )
  })
})

describe('names for providers', () => {
  test('safe ones stay, others become safe and lead back', () => {
    const owners = aliasesFor(['ns:x', 'ns_x', 'plain-1', '9lives', 'a.b/c'])
    expect(owners.get('plain-1')).toBe('plain-1')
    expect(owners.get('ns_x')).toBe('ns_x')
    expect([...owners.values()].sort()).toEqual(['9lives', 'a.b/c', 'ns:x', 'ns_x', 'plain-1'])
    expect(aliasesFor(['ns:x']).get('ns_x')).toBe('ns:x')
  })

  test('a name that looks like the alias of another keeps itself, and both can be called', () => {
    const [hashed = ''] = [...aliasesFor(['a.b', 'a_b'])].flatMap(([alias, name]) => (name === 'a.b' ? [alias] : []))
    expect(hashed).toMatch(/^a_b_[0-9a-f]{8}$/)
    const owners = aliasesFor(['a.b', 'a_b', hashed])
    expect(owners.get(hashed)).toBe(hashed)
    expect([...owners.values()].sort()).toEqual(['a.b', 'a_b', hashed].sort())
  })

  test('each tool has one alias, each alias one tool, in any order', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,90}$/), { maxLength: 30 })
    fc.assert(
      fc.property(names, (list) => {
        const owners = aliasesFor(list)
        expect([...owners.values()].sort()).toEqual([...list].sort())
        for (const alias of owners.keys()) expect(alias).toMatch(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/)
        expect(new Map(aliasesFor([...list].reverse()))).toEqual(new Map(owners))
      }),
    )
  })

  test.each(['', ' ', 'a b', '../x', 'a\0', 'ü', '-x', 'x'.repeat(129), 4, null])('%j is no name', (name) => {
    expect(isToolName(name)).toBe(false)
  })
})

describe('arguments that are called a path', () => {
  test.each<[unknown, string | null]>([
    [{ path: 'a/b' }, null],
    [{ path: '../a' }, 'path'],
    [{ filePath: 'a/../b' }, 'filePath'],
    [{ file_path: '..' }, 'file_path'],
    [{ directory: 'x/..' }, 'directory'],
    [{ dir: '%2e%2e/x' }, 'dir'],
    [{ dir: '%252e%252e/x' }, 'dir'],
    [{ dir: '%2e%2e/%' }, 'dir'],
    [{ folder: ['ok', '../x'] }, 'folder'],
    [{ Path: '../x' }, 'Path'],
    [{ FILE_PATH: '../x' }, 'FILE_PATH'],
    [{ nested: [{ deep: { path: '..\\x' } }] }, 'path'],
    [{ path: { from: '../x' } }, 'from'],
    [{ path: '%25252e%25252e/x' }, 'path'],
    [{ path: `${'%25'.repeat(40)}2e` }, null],
    [{ path: '．．/x' }, 'path'],
    [{ path: '%EF%BC%8E%EF%BC%8E/x' }, 'path'],
    [{ path: '.\u200b./x' }, 'path'],
    [{ path: '%c0%ae%c0%ae%c0%af' }, 'path'],
    [{ path: '‥/x' }, 'path'],
    [{ file: 'a/../b' }, 'file'],
    [{ filename: '..／x' }, 'filename'],
    [{ file_name: '..%5cx' }, 'file_name'],
    [{ target: '..' }, 'target'],
    [{ destination: ['x', '/a/..'] }, 'destination'],
    [{ source: '../x' }, 'source'],
    [{ src: { file: '../x' } }, 'file'],
    [{ src: '../x' }, 'src'],
    [{ dst: '..∕x' }, 'dst'],
    [{ root: '.%2e/' }, 'root'],
    [{ source: 'The Times, 2020..2024, see a/b...' }, null],
    [{ target: 'to be told...' }, null],
    [{ file: 'notes..md' }, null],
    [{ text: 'and so on...' }, null],
    [{ path: 4 }, null],
    ['../x', null],
    [null, null],
  ])('%j', (value, found) => {
    expect(climbingArgument(value)).toBe(found)
  })
})

describe('arguments that no tool gets', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1
    for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { a: value }
    return value
  }
  test.each<[string, unknown, string | null]>([
    ['64 levels', nested(64), null],
    ['65 levels', nested(65), 'they are nested deeper than 64 levels'],
    ['200,000 levels', nested(200_000), 'they are nested deeper than 64 levels'],
    ['a prototype', JSON.parse('{"a":[{"__proto__":{"x":1}}]}'), 'no argument may be called __proto__'],
    ['a constructor', { a: { constructor: 1 } }, 'no argument may be called constructor'],
    ['a prototype by name', { prototype: null }, 'no argument may be called prototype'],
    ['a path that climbs', { path: '../x' }, 'the argument path leads out of its folder'],
    ['names as values', { a: 'constructor', b: ['__proto__'] }, null],
    ['too many parts', { a: new Array(100_001).fill(1) }, 'they have more than 100000 parts'],
    ['no object', 'text', null],
  ])('%s', (_, args, fault) => {
    expect(argumentFault(args)).toBe(fault)
  })
})

describe('results', () => {
  const circle: Record<string, unknown> = {}
  circle['a'] = circle
  let deep: unknown = 1
  for (let i = 0; i < 200_000; i++) deep = [deep]

  test.each<[unknown, string]>([
    [undefined, 'null'],
    [null, 'null'],
    ['text', '"text"'],
    [{ a: [1, true] }, '{"a":[1,true]}'],
    [circle, '[the result cannot be written as JSON]'],
    [deep, '[the result cannot be written as JSON]'],
    [10n, '[the result cannot be written as JSON]'],
    [() => 1, 'null'],
    [{ toJSON: () => JSON.parse('{') }, '[the result cannot be written as JSON]'],
    ['a\0b\u001b[2J\u009b\u202e\u2028', '"a\\u0000b\\u001b[2J\\u009b\\u202e\\u2028"'],
    ['\ud800', '"\\ud800"'],
  ])('%#', (value, expected) => {
    expect(resultText(value)).toBe(expected)
  })

  test('what is too long is cut between letters and says so', () => {
    const text = cappedText('🙂'.repeat(40_000))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536)
    expect(text).toMatch(/^(?:🙂)+\n\[truncated: \d+ of 160000 bytes are shown\]$/u)
  })

  test('any text keeps its limit and its beginning, and never breaks a letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.integer({ min: 120, max: 900 }), (text, most) => {
        const capped = cappedText(text, most)
        expect(Buffer.byteLength(capped)).toBeLessThanOrEqual(Math.max(most, 0))
        const shown = capped.replace(/\n\[truncated: .*\]$/, '')
        expect(text.startsWith(shown)).toBe(true)
        expect(Buffer.from(shown).toString()).toBe(shown)
      }),
    )
  })
})
