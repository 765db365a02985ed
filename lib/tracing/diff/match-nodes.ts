import { ALL_CELLS, fillGap, type Gap, gapsBetween, type Side, type Sides } from './fill-gap'
import { gather } from './gather'
import { longestCommon, type Pair } from './lcs'
import type { DiffNode, Match } from './node'
import { newNumbering } from './numbering'
import { pairSets, sameSets } from './parallel'
import { type Item, sequenceOf } from './sequence'
import { newAlike } from './similarity'

type Found = { inOrder: readonly Pair[]; crossing: readonly Pair[] }

const all = (items: readonly Item[]): number[] => items.map((_, at) => at)

const without = (items: readonly Item[], taken: ReadonlySet<number>): number[] =>
  all(items).filter((at) => !taken.has(at))

// The same call in another place. A model that asked for nothing cannot be told from another.
const isTelling = ({ nodes, items }: Side, at: number): boolean => {
  const node = nodes[items[at]?.at ?? -1]
  return (
    node !== undefined && node.kind !== 'error' && (node.kind !== 'inference' || items[at]?.exact !== items[at]?.loose)
  )
}

const movedPairs = ({ base, compare }: Sides, rest: Gap): Pair[] => {
  const telling = rest.compare.filter((place) => isTelling(compare, place)).reverse()
  const open = gather(telling, (at) => compare.items[at]?.exact ?? -1)
  return rest.base.flatMap((at): Pair[] => {
    const other = isTelling(base, at) ? open.get(base.items[at]?.exact ?? -1)?.pop() : undefined
    return other === undefined ? [] : [[at, other]]
  })
}

const inGaps = (sides: Sides, anchors: readonly Pair[], crossing: readonly Pair[]): Pair[] => {
  const taken = [new Set(crossing.map(([i]) => i)), new Set(crossing.map(([, j]) => j))] as const
  const gaps = gapsBetween(anchors, without(sides.base.items, taken[0]), without(sides.compare.items, taken[1]))
  return gaps.flatMap((gap, at) => [...fillGap(sides, gap), ...anchors.slice(at, at + 1)])
}

const restOf = ({ base, compare }: Sides, pairs: readonly Pair[]): Gap => ({
  base: without(base.items, new Set(pairs.map(([i]) => i))),
  compare: without(compare.items, new Set(pairs.map(([, j]) => j))),
})

// What is surely the same first, then what was moved, then what is alike in the gaps, then what ran side by side.
const findPairs = (sides: Sides): Found => {
  const { base, compare } = sides
  const anchors = longestCommon(
    base.items.map(({ exact }) => exact),
    compare.items.map(({ exact }) => exact),
  )
  const moved = movedPairs(sides, restOf(sides, anchors))
  const inOrder = inGaps(sides, anchors, moved)
  const known = [...inOrder, ...moved]
  return { inOrder, crossing: [...moved, ...pairSets(sides, known, restOf(sides, known))] }
}

const attemptKey = (node: DiffNode | undefined): string =>
  `${node?.kind}|${node?.kind === 'inference' ? '' : node?.name}`

// Attempts of the same step stand against one another; what one side has more of is a retry.
const attemptMatches = (sides: Sides, rep: Match, base: readonly number[], compare: readonly number[]): Match[] => {
  const number = newNumbering()
  const keys = (side: Side, list: readonly number[]) => list.map((at) => number(attemptKey(side.nodes[at])))
  const pairs = longestCommon(keys(sides.base, base), keys(sides.compare, compare))
  const taken = [new Set(pairs.map(([i]) => i)), new Set(pairs.map(([, j]) => j))] as const
  const attempt = { ...rep, isRetry: true }
  return [
    ...pairs.map(([i, j]) => ({ ...attempt, base: base[i] ?? 0, compare: compare[j] ?? 0 })),
    ...base.filter((_, i) => !taken[0].has(i)).map((at) => ({ ...attempt, base: at, compare: null })),
    ...compare.filter((_, j) => !taken[1].has(j)).map((at) => ({ ...attempt, base: null, compare: at })),
  ]
}

const matchesOf = (sides: Sides): Match[] => {
  const { base, compare } = sides
  const { inOrder, crossing } = findPairs(sides)
  const harmless = sameSets(sides, inOrder, crossing)
  const rest = restOf(sides, [...inOrder, ...crossing])
  const one = (i: number | null, j: number | null, isInOrder: boolean, isReordered: boolean): Match[] => {
    const a = i === null ? undefined : base.items[i]
    const b = j === null ? undefined : compare.items[j]
    const rep: Match = { base: a?.at ?? null, compare: b?.at ?? null, isInOrder, isReordered, isRetry: false }
    return [...attemptMatches(sides, rep, a?.attempts ?? [], b?.attempts ?? []), rep]
  }
  return [
    ...inOrder.flatMap(([i, j]) => one(i, j, true, false)),
    ...crossing.flatMap((pair) => one(pair[0], pair[1], false, harmless.has(pair))),
    ...rest.base.flatMap((i) => one(i, null, false, false)),
    ...rest.compare.flatMap((j) => one(null, j, false, false)),
  ]
}

const printOf = (nodes: readonly DiffNode[]): string =>
  JSON.stringify(
    nodes.map(({ parent, kind, name, status, group, isRetry, keys }) => [
      parent,
      kind,
      name,
      status,
      group,
      isRetry,
      keys,
    ]),
  )

const flipped = (match: Match): Match => ({ ...match, base: match.compare, compare: match.base })

// Every node of both sides once. Which of the two is called the base changes nothing but the names of the columns.
export const matchNodes = (base: readonly DiffNode[], compare: readonly DiffNode[]): Match[] => {
  const isTurned = printOf(base) > printOf(compare)
  const [first, second] = isTurned ? [compare, base] : [base, compare]
  const number = newNumbering()
  const matches = matchesOf({
    base: { nodes: first, items: sequenceOf(first, number) },
    compare: { nodes: second, items: sequenceOf(second, number) },
    alike: newAlike(),
    budget: { cells: ALL_CELLS },
  })
  return isTurned ? matches.map(flipped) : matches
}
