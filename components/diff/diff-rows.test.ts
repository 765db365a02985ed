import { describe, expect, test } from 'vitest'
import type { Alignment } from '@/lib/tracing/contract'
import { differencesIn, diffRows, marksOf, neighbourOf } from './diff-rows'

const OPS = { '=': 'equal', c: 'changed', i: 'inserted', d: 'deleted', m: 'moved', r: 'retry' } as const

const aligned = (ops: string): Alignment[] =>
  [...ops].map((letter, at) => ({
    op: OPS[letter as keyof typeof OPS],
    base_index: at,
    compare_index: at,
    base_span_id: null,
    compare_span_id: null,
    kind: 'tool',
    label: `step ${at}`,
    compare_label: null,
    depth: 0,
    is_reordered: false,
    base_status: 'ok',
    compare_status: 'ok',
    changes: [],
    changes_cut: false,
    delta: null,
  }))

const shown = (ops: string, unfolded: readonly number[] = []): string =>
  diffRows(aligned(ops), new Set(unfolded))
    .map((row) => (row.kind === 'fold' ? `[${row.from}+${row.count}]` : String(row.at)))
    .join(' ')

describe('rows of a comparison', () => {
  test.each([
    ['', ''],
    ['=', '0'],
    ['=======', '[0+7]'],
    ['c', '0'],
    ['===c==', '[0+3] 3 [4+2]'],
    ['c=i', '0 1 2'],
    ['==dr==m', '[0+2] 2 3 [4+2] 6'],
  ])('%j folds its equal runs: %s', (ops, rows) => {
    expect(shown(ops)).toBe(rows)
  })

  test('an unfolded run is all there, the others stay folded', () => {
    expect(shown('===c==', [0])).toBe('0 1 2 3 [4+2]')
  })

  test('every step is in one row, however they are mixed', () => {
    const ops = Array.from({ length: 5_000 }, (_, at) => (at % 7 < 4 ? '=' : 'c')).join('')
    const counted = diffRows(aligned(ops), new Set()).reduce(
      (sum, row) => sum + (row.kind === 'fold' ? row.count : 1),
      0,
    )
    expect(counted).toBe(5_000)
  })
})

describe('the way from difference to difference', () => {
  const differences = differencesIn(aligned('==c=i=d'))

  test('finds them all', () => {
    expect(differences).toEqual([2, 4, 6])
  })

  test.each([
    [null, 1, 2],
    [null, -1, 6],
    [2, 1, 4],
    [3, 1, 4],
    [6, 1, 2],
    [4, -1, 2],
    [2, -1, 6],
  ] as const)('from %s by %s it goes to %s', (from, step, to) => {
    expect(neighbourOf(differences, from, step)).toBe(to)
  })

  test('leads nowhere where nothing differs', () => {
    expect(neighbourOf([], null, 1)).toBeNull()
  })
})

describe('marks at the margin', () => {
  test('stand where the differences are', () => {
    expect(marksOf(aligned('=c=='))).toEqual([{ at: 1, op: 'changed', topPercent: 25, heightPercent: 25 }])
  })

  test('are few, however many differences there are', () => {
    const marks = marksOf(aligned('c'.repeat(5_000)))
    expect(marks).toHaveLength(200)
    expect(marks.at(-1)?.topPercent).toBeLessThan(100)
  })
})
