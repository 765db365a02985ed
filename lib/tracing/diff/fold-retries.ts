import { gather } from './gather'
import type { DiffNode } from './node'

const looseKey = (node: DiffNode): string =>
  node.kind === 'inference' ? 'inference' : `${node.kind}|${node.name}|${node.keys.arguments ?? ''}`

// Siblings that ran side by side are one unit; any other node is one of its own.
export const unitsOf = (nodes: readonly DiffNode[], siblings: readonly number[]): number[][] => {
  const units: number[][] = []
  let last: number | null = null
  for (const at of siblings) {
    const group = nodes[at]?.group ?? null
    if (group !== null && group === last) units.at(-1)?.push(at)
    else units.push([at])
    last = group
  }
  return units
}

const hasFailed = (node: DiffNode | undefined): boolean => node?.status === 'error'
const isModel = (node: DiffNode | undefined): boolean => node?.kind === 'inference'

type Folding = { nodes: readonly DiffNode[]; into: Map<number, number> }

// A model that failed and was asked again: the last one stands for all.
const foldModels = ({ nodes, into }: Folding, siblings: readonly number[]): number[] =>
  siblings.filter((at, place) => {
    const next = siblings[place + 1]
    if (next === undefined || !isModel(nodes[at]) || !hasFailed(nodes[at]) || !isModel(nodes[next])) return true
    into.set(at, next)
    return false
  })

// Which node of the later unit does what a failed one of the earlier did.
const repeatsOf = ({ nodes }: Folding, earlier: readonly number[], later: readonly number[]): Map<number, number> => {
  const open = gather(later.toReversed(), (at) => (nodes[at] ? looseKey(nodes[at]) : ''))
  const found = new Map<number, number>()
  for (const at of earlier) {
    const node = nodes[at]
    const next = node && hasFailed(node) && !isModel(node) ? open.get(looseKey(node))?.pop() : undefined
    if (next !== undefined) found.set(at, next)
  }
  return found
}

// A call that failed and was made again, at once or after the model had been told.
const foldCalls = (folding: Folding, units: readonly (readonly number[])[]): void => {
  const { nodes, into } = folding
  for (const [place, unit] of units.entries()) {
    const next = units[place + 1] ?? []
    const isAsked = next.length === 1 && isModel(nodes[next[0] ?? -1])
    const later = isAsked ? (units[place + 2] ?? []) : next
    const repeats = repeatsOf(folding, unit, later)
    for (const [failed, again] of repeats) into.set(failed, again)
    const asked = next[0]
    const first = later[0]
    if (isAsked && asked !== undefined && first !== undefined && repeats.size === later.length) into.set(asked, first)
  }
}

// What an attempt stands for always comes after it, so going backwards the end of each chain is known.
const endsOf = (into: ReadonlyMap<number, number>): ReadonlyMap<number, number> => {
  const ends = new Map<number, number>()
  for (const [at, next] of [...into].sort(([a], [b]) => b - a)) ends.set(at, ends.get(next) ?? next)
  return ends
}

export const childrenOf = (nodes: readonly DiffNode[]): number[][] => {
  const children: number[][] = Array.from({ length: nodes.length + 1 }, () => [])
  for (const [at, node] of nodes.entries()) children[node.parent + 1]?.push(at)
  return children
}

// Failed attempt, and the models asked only to repeat it → the node that stands for them.
export const foldRetries = (nodes: readonly DiffNode[]): ReadonlyMap<number, number> => {
  const into = new Map<number, number>()
  for (const siblings of childrenOf(nodes)) {
    if (siblings.length < 2) continue
    foldCalls({ nodes, into }, unitsOf(nodes, foldModels({ nodes, into }, siblings)))
  }
  return endsOf(into)
}
