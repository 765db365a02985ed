import type { Gap, Side, Sides } from './fill-gap'
import { gather } from './gather'
import type { Pair } from './lcs'

const MOST = 64

const unitAt = (side: Side, at: number): number | null => {
  const item = side.items[at]
  return item?.isParallel ? item.unit : null
}

const placesIn = (side: Side, places: Iterable<number>): Map<number | null, number[]> =>
  gather(places, (at) => unitAt(side, at))

type Candidate = { pair: Pair; score: number }

const candidatesOf = (sides: Sides, base: readonly number[], compare: readonly number[]): Candidate[] =>
  base.slice(0, MOST).flatMap((i) =>
    compare.slice(0, MOST).flatMap((j): Candidate[] => {
      const a = sides.base.nodes[sides.base.items[i]?.at ?? -1]
      const b = sides.compare.nodes[sides.compare.items[j]?.at ?? -1]
      const score = a && b ? sides.alike(a, b) : 0
      return score === 0 ? [] : [{ pair: [i, j], score }]
    }),
  )

const greedy = (candidates: readonly Candidate[]): Pair[] => {
  const taken = [new Set<number>(), new Set<number>()] as const
  const ranked = [...candidates].sort((a, b) => b.score - a.score || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])
  return ranked.flatMap(({ pair }): Pair[] => {
    if (taken[0].has(pair[0]) || taken[1].has(pair[1])) return []
    taken[0].add(pair[0])
    taken[1].add(pair[1])
    return [pair]
  })
}

// What is left of two groups that belong together is paired by likeness, whatever its place in them.
export const pairSets = (sides: Sides, known: readonly Pair[], rest: Gap): Pair[] => {
  const [base, compare] = [placesIn(sides.base, rest.base), placesIn(sides.compare, rest.compare)]
  if (base.size === 0 || compare.size === 0) return []
  const done = new Set<number>()
  return known.flatMap(([i, j]): Pair[] => {
    const [a, b] = [unitAt(sides.base, i), unitAt(sides.compare, j)]
    if (a === null || b === null || done.has(a)) return []
    const [left, right] = [base.get(a), compare.get(b)]
    if (!left || !right) return []
    done.add(a)
    compare.delete(b)
    return greedy(candidatesOf(sides, left, right))
  })
}

const flip = ([i, j]: Pair): Pair => [j, i]

// A pair that crosses is harmless where only siblings of its own group stand in between.
const harmlessIn = (side: Side, inOrder: readonly Pair[], crossing: readonly Pair[]): boolean[] => {
  const members = placesIn(side, side.items.keys())
  const partner = new Map([...inOrder, ...crossing])
  const anchored = new Set(inOrder.map(([i]) => i))
  const others = [...inOrder].map(([, j]) => j).sort((a, b) => a - b)
  const before = (place: number): number => {
    let [low, high] = [0, others.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((others[middle] ?? 0) < place) low = middle + 1
      else high = middle
    }
    return low
  }
  const isTogether = (group: readonly number[]): boolean => {
    const places = group.flatMap((at) => partner.get(at) ?? []).sort((a, b) => a - b)
    const [first, last] = [places[0], places.at(-1)]
    if (first === undefined || last === undefined || places.length < 2) return false
    return before(last + 1) - before(first) === group.filter((at) => anchored.has(at)).length
  }
  const known = new Map([...members].map(([unit, group]) => [unit, unit !== null && isTogether(group)]))
  return crossing.map(([i]) => known.get(unitAt(side, i)) === true)
}

export const sameSets = (
  { base, compare }: Sides,
  inOrder: readonly Pair[],
  crossing: readonly Pair[],
): ReadonlySet<Pair> => {
  if (crossing.length === 0) return new Set()
  const there = harmlessIn(base, inOrder, crossing)
  const back = harmlessIn(compare, inOrder.map(flip), crossing.map(flip))
  return new Set(crossing.filter((_, at) => there[at] === true || back[at] === true))
}
