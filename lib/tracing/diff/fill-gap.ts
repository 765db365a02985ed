import { longestCommon, type Pair } from './lcs'
import type { DiffNode } from './node'
import type { Item } from './sequence'
import type { Alike } from './similarity'

export type Side = { nodes: readonly DiffNode[]; items: readonly Item[] }
export type Sides = { base: Side; compare: Side; alike: Alike; budget: { cells: number } }
export type Gap = { base: readonly number[]; compare: readonly number[] }

// Larger gaps are cut by names first, and what is left of them by nothing.
const MOST_CELLS = 40_000
export const ALL_CELLS = 600_000

const scoreOf = (sides: Sides, base: number, compare: number): number => {
  const a = sides.base.nodes[sides.base.items[base]?.at ?? -1]
  const b = sides.compare.nodes[sides.compare.items[compare]?.at ?? -1]
  if (!a || !b) return 0
  const asked = sides.base.items[base]?.loose === sides.compare.items[compare]?.loose && a.kind === 'inference' ? 10 : 0
  const score = sides.alike(a, b)
  return score === 0 ? 0 : score + asked
}

// The best sum of likenesses without crossings. Of equal ones the earliest.
const byLikeness = (sides: Sides, { base, compare }: Gap): Pair[] => {
  const width = compare.length + 1
  const best = new Int32Array((base.length + 1) * width)
  const scores = new Int32Array(base.length * compare.length)
  for (let i = base.length - 1; i >= 0; i--)
    for (let j = compare.length - 1; j >= 0; j--) {
      const score = scoreOf(sides, base[i] ?? -1, compare[j] ?? -1)
      scores[i * compare.length + j] = score
      const paired = score === 0 ? 0 : score + (best[(i + 1) * width + j + 1] ?? 0)
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0)
    }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < base.length && j < compare.length) {
    const here = best[i * width + j] ?? 0
    const score = scores[i * compare.length + j] ?? 0
    if (score > 0 && here === score + (best[(i + 1) * width + j + 1] ?? 0))
      pairs.push([base[i++] ?? 0, compare[j++] ?? 0])
    else if (here === (best[(i + 1) * width + j] ?? 0)) i++
    else j++
  }
  return pairs
}

const byName = (sides: Sides, { base, compare }: Gap): Pair[] =>
  longestCommon(
    base.map((at) => sides.base.items[at]?.loose ?? -1),
    compare.map((at) => sides.compare.items[at]?.loose ?? -1),
  ).map(([i, j]): Pair => [base[i] ?? 0, compare[j] ?? 0])

const isSmall = (sides: Sides, { base, compare }: Gap): boolean => {
  const cells = base.length * compare.length
  if (cells > MOST_CELLS || cells > sides.budget.cells) return false
  sides.budget.cells -= cells
  return true
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at)

// What stands between pairs that are in order.
export const gapsBetween = (pairs: readonly Pair[], base: readonly number[], compare: readonly number[]): Gap[] => {
  const places = [new Map(base.map((at, i) => [at, i])), new Map(compare.map((at, i) => [at, i]))] as const
  const ends = [...pairs.map(([i, j]) => [places[0].get(i) ?? 0, places[1].get(j) ?? 0] as const)]
  return [...ends, [base.length, compare.length] as const].map(([i, j], at) => {
    const before = ends[at - 1] ?? [-1, -1]
    return {
      base: range(before[0] + 1, i).map((place) => base[place] ?? 0),
      compare: range(before[1] + 1, j).map((place) => compare[place] ?? 0),
    }
  })
}

export const fillGap = (sides: Sides, gap: Gap): Pair[] => {
  if (gap.base.length === 0 || gap.compare.length === 0) return []
  if (isSmall(sides, gap)) return byLikeness(sides, gap)
  const named = byName(sides, gap)
  const between = gapsBetween(named, gap.base, gap.compare).map((smaller) =>
    smaller.base.length > 0 && smaller.compare.length > 0 && isSmall(sides, smaller) ? byLikeness(sides, smaller) : [],
  )
  return between.flatMap((pairs, at) => [...pairs, ...named.slice(at, at + 1)])
}
