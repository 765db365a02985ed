import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { armOf, bucketOf } from './arm'
import { pinSetIn, setFromTold, toldSet } from './pin-set'
import { differenceOf } from './proportions'
import { wishedIn } from './registry-file'

const people = Array.from({ length: 10_000 }, (_, n) => `user-${n}`)

describe('the arm of a canary', () => {
  test('is the first four bytes of a hash over pin and person, modulo a hundred', () => {
    const digest = createHash('sha256').update('pin-1:ada').digest('hex')
    expect(bucketOf('pin-1', 'ada')).toBe(Number.parseInt(digest.slice(0, 8), 16) % 100)
    expect(bucketOf('pin-1', 'ada')).not.toBe(bucketOf('pin-2', 'ada'))
  })

  test('gives about so many in a hundred, and more percent only ever adds people', () => {
    const at = (percent: number) =>
      new Set(people.filter((userId) => armOf('pin', { percent, users: [] }, { userId }) === 'canary'))
    const [none, few, more, all] = [at(0), at(10), at(40), at(100)]
    expect(none.size).toBe(0)
    expect(all.size).toBe(people.length)
    expect(few.size / people.length).toBeCloseTo(0.1, 1)
    expect(more.size / people.length).toBeCloseTo(0.4, 1)
    expect([...few].every((user) => more.has(user))).toBe(true)
  })

  test('named people get it whatever the percentage; others by their session, and whoever has none stays stable', () => {
    const canary = { percent: 50, users: ['ada'] }
    expect(armOf('pin', { percent: 0, users: ['ada'] }, { userId: 'ada' })).toBe('canary')
    expect(armOf('pin', { percent: 100, users: [] }, { userId: null, sessionKey: null })).toBe('stable')
    const bySession = people.map((sessionKey) => armOf('pin', canary, { sessionKey }))
    expect(new Set(bySession)).toEqual(new Set(['stable', 'canary']))
    expect(armOf('pin', canary, { userId: '', sessionKey: 'ada' })).toBe(armOf('pin', canary, { sessionKey: 'ada' }))
  })
})

describe('the difference of two error rates', () => {
  it('is what Newcombe found in his own example', () => {
    const found = differenceOf({ hits: 48, of: 80 }, { hits: 56, of: 70 })
    expect(found?.difference).toBeCloseTo(0.2, 6)
    expect(found?.low).toBeCloseTo(0.0524, 4)
    expect(found?.high).toBeCloseTo(0.3339, 4)
  })

  it('says little of little, also where nothing failed', () => {
    expect(differenceOf({ hits: 0, of: 0 }, { hits: 1, of: 1 })).toBeNull()
    const few = differenceOf({ hits: 0, of: 3 }, { hits: 0, of: 3 })
    expect(few?.difference).toBe(0)
    expect(few?.low).toBeLessThan(-0.3)
    expect(few?.high).toBeGreaterThan(0.3)
    const clear = differenceOf({ hits: 1, of: 1000 }, { hits: 100, of: 1000 })
    expect(clear?.low).toBeGreaterThan(0)
  })
})

describe('skills/registry.yaml', () => {
  it('names versions or latest, and tells of every line that does not', () => {
    expect(wishedIn('pdf: 1.2.3\nweb-search: latest\n')).toEqual({
      wanted: { pdf: '1.2.3', 'web-search': 'latest' },
      notes: [],
    })
    const { wanted, notes } = wishedIn('pdf: 1.0\n"../x": 1.0.0\nok: 0.0.1\n__proto__: 1.0.0\n')
    expect(wanted).toEqual({ ok: '0.0.1' })
    expect(notes).toHaveLength(3)
    expect(wishedIn('').notes).toEqual([])
    expect(wishedIn('- a\n- b').notes[0]).toContain('no map')
    expect(wishedIn('a: [1, 2').notes[0]).toContain('not valid YAML')
    expect(wishedIn(`a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]`).wanted).toEqual({})
  })
})

test('a set of pins goes into its history and comes back the same', () => {
  const set = {
    versionHash: 'a'.repeat(64),
    skillPins: { pdf: '1.0.0' },
    modelPin: 'openai/gpt-4o',
    providerPin: null,
    canary: { versionHash: 'b'.repeat(64), percent: 5, users: ['ada'], startedAt: '2026-01-01T00:00:00.000Z' },
  }
  expect(setFromTold(toldSet(set))).toEqual(set)
  expect(setFromTold(JSON.stringify(toldSet(set)))).toEqual(set)
  expect(toldSet(null)).toBeNull()
  expect(
    pinSetIn({ versionHash: 'x', skillPins: '{}', modelPin: null, providerPin: null, canary: null }).canary,
  ).toBeNull()
})
