import { describe, expect, test } from 'vitest'
import type { SpanRow } from '@/lib/tracing/contract'
import { below, buildTree, idAt, idsAbove, nextFailure, rowOf, STRAYS_ID, visiblePlaces } from './span-tree'

const span = (id: string, parent: string | null, start = 0, over: Partial<SpanRow> = {}): SpanRow => ({
  id,
  parent_id: parent,
  name: id,
  kind: 'task',
  start_ns: `${1_700_000_000_000_000_000n + BigInt(start) * 1_000_000n}`,
  end_ns: `${1_700_000_000_000_000_000n + BigInt(start + 10) * 1_000_000n}`,
  status: 'ok',
  provider: null,
  model: null,
  tool_name: null,
  tokens: null,
  cost_micro_usd: null,
  is_counting: false,
  flags: [],
  is_synthetic: false,
  ...over,
})

const NOTHING = new Set<string>()
const shown = (spans: readonly SpanRow[], folded: ReadonlySet<string> = NOTHING): string[] => {
  const tree = buildTree(spans)
  return [...visiblePlaces(tree, folded)].map((place) => `${' '.repeat(tree.depth[place] ?? 0)}${idAt(tree, place)}`)
}

describe('a tree of spans', () => {
  test('children stand below their parents by their start, however the list mixes them', () => {
    const spans = [span('a', null), span('b', 'a', 1), span('c', 'a', 2), span('d', 'b', 3), span('e', null, 4)]
    expect(shown(spans)).toEqual(['a', ' b', '  d', ' c', 'e'])
  })

  test('a child that begins before its parent is still its child', () => {
    expect(shown([span('child', 'parent', 0), span('parent', null, 5)])).toEqual(['parent', ' child'])
  })

  test('children whose parent never came stand under a node of their own', () => {
    expect(shown([span('a', null), span('b', 'gone', 1), span('c', 'b', 2), span('d', 'lost', 3)])).toEqual([
      'a',
      STRAYS_ID,
      ' b',
      '  c',
      ' d',
    ])
  })

  test('a root that the server made takes them in', () => {
    const root = span('root', null, 0, { is_synthetic: true, flags: ['root_missing'] })
    expect(shown([root, span('b', 'gone', 1), span('c', 'lost', 2)])).toEqual(['root', ' b', ' c'])
  })

  test('circles and spans that name themselves are shown once', () => {
    const spans = [span('a', null), span('b', 'c', 1), span('c', 'b', 2), span('d', 'd', 3)]
    expect(shown(spans)).toHaveLength(5)
    expect(new Set(shown(spans).map((row) => row.trim()))).toEqual(new Set(['a', STRAYS_ID, 'b', 'c', 'd']))
  })

  test('folding hides all below, and a hidden place is found at who hides it', () => {
    const spans = [span('a', null), span('b', 'a', 1), span('c', 'b', 2), span('d', 'a', 3)]
    expect(shown(spans, new Set(['b']))).toEqual(['a', ' b', ' d'])
    const tree = buildTree(spans)
    const rows = visiblePlaces(tree, new Set(['b']))
    expect(idAt(tree, rows[rowOf(rows, tree.places.get('c') ?? -1)] ?? -1)).toBe('b')
    expect(rowOf(rows, tree.places.get('d') ?? -1)).toBe(2)
    expect(below(tree, 0)).toBe(3)
    expect(idsAbove(tree, tree.places.get('c') ?? -1)).toEqual(['b', 'a'])
  })

  test('times are milliseconds since the earliest start, nanoseconds kept', () => {
    const tree = buildTree([
      span('a', null, 5, { end_ns: null }),
      span('b', 'a', 0, { start_ns: '1700000000000000500', end_ns: '1700000000000001500' }),
    ])
    expect([...tree.startMs]).toEqual([4.9995, 0])
    expect([...tree.durationMs]).toEqual([Number.NaN, 0.001])
    expect(tree.spanMs).toBe(4.9995)
  })

  test('the next failure comes round to the first, and there may be none', () => {
    const tree = buildTree([span('a', null), span('b', 'a', 1, { status: 'error' }), span('c', 'a', 2)])
    expect([nextFailure(tree, 0), nextFailure(tree, 2), nextFailure(tree, 1)]).toEqual([1, 1, 1])
    expect(nextFailure(buildTree([span('a', null)]), 0)).toBeNull()
    expect(tree.failures).toBe(1)
  })

  test('nothing is nothing', () => {
    expect(shown([])).toEqual([])
    expect(nextFailure(buildTree([]), 0)).toBeNull()
  })
})

describe('50,000 spans', () => {
  const COUNT = 50_000
  const chain = Array.from({ length: COUNT }, (_, at) => span(`s${at}`, at === 0 ? null : `s${at - 1}`, at))
  const wide = Array.from({ length: COUNT }, (_, at) => span(`s${at}`, at === 0 ? null : `s${Math.floor(at / 10)}`, at))

  test.each([
    ['in one chain', chain],
    ['ten children each', wide],
    ['all of them strays', wide.map((one) => ({ ...one, parent_id: 'gone' }))],
  ])('%s, become a tree whose last row is there', (_, spans) => {
    const began = performance.now()
    const tree = buildTree(spans)
    const rows = visiblePlaces(tree, NOTHING)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(rows.length).toBeGreaterThanOrEqual(COUNT)
    expect(new Set([...rows].map((place) => idAt(tree, place)).filter((id) => id !== STRAYS_ID)).size).toBe(COUNT)
  })
})
