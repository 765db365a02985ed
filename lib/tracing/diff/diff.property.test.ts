import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Alignment, TraceDiff } from '../contract'
import { diffSides } from './diff-sides'
import { jsonChanges } from './json-changes'
import { longestCommon } from './lcs'
import type { DiffNode } from './node'
import { modelNode, runOf, sideOf, toolNode } from './sample-run'
import { wordDiff } from './word-diff'

const RUNS = { numRuns: 400 }

const status = fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'error' as const, 'denied' as const)
const call = fc
  .record({ name: fc.constantFrom('a', 'b', 'c'), args: fc.nat(3), result: fc.nat(1), status })
  .map(({ name, args, result, status: ended }) => toolNode(name, { n: args }, { r: result }, { status: ended }))
const ours = fc
  .tuple(fc.array(fc.array(call, { maxLength: 4 }), { maxLength: 6 }), fc.constantFrom(null, 'bye', 'so long'))
  .map(([turns, last]) => runOf(turns, last))

// Any tree: parents anywhere before, groups by chance.
const shape = fc.record({
  up: fc.nat(5),
  group: fc.option(fc.nat(2), { nil: null }),
  kind: fc.constantFrom('tool', 'tool', 'inference', 'agent', 'workflow', 'error', 'decision'),
  name: fc.constantFrom('a', 'b', 'c'),
  args: fc.nat(2),
  status,
})
const theirs = fc.array(shape, { maxLength: 30 }).map((shapes): DiffNode[] =>
  shapes.map(({ up, group, kind, name, args, status: ended }, at) => ({
    ...(kind === 'inference' ? modelNode(`${args}`) : toolNode(name, { args })),
    kind,
    parent: at - 1 - up < 0 ? -1 : at - 1 - up,
    group,
    status: ended,
    spanId: `s${at}`,
    durationMs: args * 7,
  })),
)

const nodes = fc.oneof(ours, theirs)

const mutated = (list: readonly DiffNode[], picks: readonly number[]): DiffNode[] => {
  const flat = list.map((node) => ({ ...node, parent: -1 }))
  for (const pick of picks) {
    const at = pick % (flat.length + 1)
    if (pick % 3 === 0) flat.splice(at, 1)
    else if (pick % 3 === 1) flat.splice(at, 0, toolNode('new', { pick }))
    else flat.splice(at, 0, ...flat.splice(pick % 7, 1))
  }
  return flat
}

const pair = fc.oneof(
  fc.tuple(nodes, nodes),
  fc
    .tuple(nodes, fc.array(fc.nat(1_000), { maxLength: 4 }))
    .map(([list, picks]) => [list, mutated(list, picks)] as const),
)

const diff = (base: readonly DiffNode[], compare: readonly DiffNode[]): TraceDiff =>
  diffSides(sideOf(base), sideOf(compare))

it('of a run with itself is empty', () => {
  fc.assert(
    fc.property(nodes, (list) => {
      const found = diff(list, list)
      expect(found.summary).toEqual({ total_differences: 0, significant_changes: [], changed_areas: [] })
      expect(found.first_divergence).toBeNull()
      for (const { op, base_index: i, compare_index: j, delta } of found.alignment) {
        expect([op, i]).toEqual(['equal', j])
        expect(delta).toEqual({ duration_ms: 0, cost_micro_usd: 0, input_tokens: 0, output_tokens: 0 })
      }
    }),
    RUNS,
  )
})

it('holds every step of both sides once, those of the base in their order', () => {
  fc.assert(
    fc.property(pair, ([base, compare]) => {
      const { alignment } = diff(base, compare)
      const left = alignment.flatMap(({ base_index: at }) => at ?? [])
      const right = alignment.flatMap(({ compare_index: at }) => at ?? [])
      expect(left).toEqual(base.map((_, at) => at))
      expect(right.toSorted((a, b) => a - b)).toEqual(compare.map((_, at) => at))
      for (const { op, base_index: i, compare_index: j, kind } of alignment) {
        if (i !== null && j !== null) expect(compare[j]?.kind).toBe(base[i]?.kind)
        expect(base[i ?? -1]?.kind ?? compare[j ?? -1]?.kind).toBe(kind)
        if (op === 'inserted') expect([i, j]).toEqual([null, expect.any(Number)])
        if (op === 'deleted') expect([i, j]).toEqual([expect.any(Number), null])
        if (op === 'retry') expect([i, j]).toContain(null)
      }
    }),
    RUNS,
  )
})

const MIRROR = {
  equal: 'equal',
  changed: 'changed',
  moved: 'moved',
  inserted: 'deleted',
  deleted: 'inserted',
  retry: 'retry',
} as const
const minus = (value: number): number => 0 - value

const turned = (item: Alignment) => ({
  op: MIRROR[item.op],
  class: item.class,
  base: item.compare_index,
  compare: item.base_index,
  spans: [item.compare_span_id, item.base_span_id],
  reordered: item.is_reordered,
  delta: item.delta && Object.values(item.delta).map(minus),
})
const straight = (item: Alignment) => ({
  op: item.op,
  class: item.class,
  base: item.base_index,
  compare: item.compare_index,
  spans: [item.base_span_id, item.compare_span_id],
  reordered: item.is_reordered,
  delta: item.delta && Object.values(item.delta),
})
const inOrder = <T extends { base: number | null; compare: number | null }>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => (a.base ?? -1) - (b.base ?? -1) || (a.compare ?? -1) - (b.compare ?? -1))

it('is mirrored when the sides are', () => {
  fc.assert(
    fc.property(pair, ([base, compare]) => {
      const [there, back] = [diff(base, compare), diff(compare, base)]
      expect(inOrder(back.alignment.map(straight))).toEqual(inOrder(there.alignment.map(turned)))
      for (const of of ['structural', 'decision', 'wording'] as const) {
        const [a, b] = [there.first_by_class[of], back.first_by_class[of]]
        expect([b?.base_index, b?.compare_index, b?.step]).toEqual([a?.compare_index, a?.base_index, a?.step])
      }
      expect(back.first_divergence?.class).toBe(there.first_divergence?.class)
      expect(back.first_divergence?.compare_index).toBe(there.first_divergence?.base_index)
      expect(back.usage.total_token_delta).toBe(minus(there.usage.total_token_delta))
      expect(back.tool_calls.added.length).toBe(there.tool_calls.removed.length)
      expect(back.summary).toEqual(there.summary)
    }),
    RUNS,
  )
})

it('says the same every time', () => {
  fc.assert(
    fc.property(pair, ([base, compare]) => {
      expect(JSON.stringify(diff(structuredClone(base), structuredClone(compare)))).toBe(
        JSON.stringify(diff(base, compare)),
      )
    }),
    { numRuns: 100 },
  )
})

const table = (a: readonly number[], b: readonly number[]): number => {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const symbol of a) {
    const next = [0]
    for (const [j, other] of b.entries())
      next.push(symbol === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0))
    row = next
  }
  return row.at(-1) ?? 0
}

it('finds what is longest in common', () => {
  const list = fc.array(fc.nat(6), { maxLength: 120 })
  fc.assert(
    fc.property(list, list, (a, b) => {
      const pairs = longestCommon(a, b)
      expect(pairs.length).toBe(table(a, b))
      for (const [at, [i, j]] of pairs.entries()) {
        expect(a[i]).toBe(b[j])
        const before = pairs[at - 1] ?? [-1, -1]
        expect(i > before[0] && j > before[1]).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc
    .array(fc.constantFrom('the', 'parcel', 'is', 'late', '\n', ',', 'ünï', '📦'), { maxLength: 60 })
    .map((words) => words.join(' ')),
)

it('gives both texts back from the words that differ', () => {
  fc.assert(
    fc.property(text, text, (base, compare) => {
      const edits = wordDiff(base, compare) ?? []
      const side = (op: 'insert' | 'delete') =>
        edits
          .filter((edit) => edit.op === 'equal' || edit.op === op)
          .map((edit) => edit.text)
          .join('')
      expect([side('delete'), side('insert')]).toEqual([base, compare])
      const back = wordDiff(compare, base) ?? []
      expect(back.filter(({ op }) => op === 'equal')).toEqual(edits.filter(({ op }) => op === 'equal'))
    }),
    { numRuns: 1_000 },
  )
})

it('names every JSON value that differs, and none that is equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [base, compare] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown)
      expect(jsonChanges(base, base).changes).toEqual([])
      const isSame = JSON.stringify(base) === JSON.stringify(compare)
      if (!isSame) expect(jsonChanges(base, compare).changes.length).toBe(jsonChanges(compare, base).changes.length)
      const { changes } = jsonChanges({ kept: 1, at: [1, base] }, { kept: 1, at: [1, compare] })
      expect(changes.every(({ path }) => path.startsWith('$.at[1]'))).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
