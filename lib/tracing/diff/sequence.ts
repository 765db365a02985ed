import { childrenOf, foldRetries, unitsOf } from './fold-retries'
import { gather } from './gather'
import type { DiffNode } from './node'
import type { Numbering } from './numbering'

export type Item = {
  // Index of the node.
  at: number
  // The same thing asked of the same one; and of whatever arguments.
  exact: number
  loose: number
  unit: number
  isParallel: boolean
  // What was tried before it, in order.
  attempts: readonly number[]
}

type Tree = { nodes: readonly DiffNode[]; children: number[][]; units: Map<number, number[][]>; number: Numbering }

const plain = (node: DiffNode, withArguments: boolean): string =>
  `${node.kind}|${node.name}${withArguments ? `|${node.keys.arguments ?? ''}` : ''}`

// A model is told by what it asked for, so that a turn that is one more takes its calls with it.
const asked = ({ nodes }: Tree, next: readonly number[] | undefined, withArguments: boolean): string => {
  const calls = (next ?? []).flatMap((at) => (nodes[at]?.kind === 'tool' ? [nodes[at]] : []))
  const names = calls.map((node) => plain(node, withArguments)).sort()
  return `inference|${names.join('|')}`
}

const keyOf = (tree: Tree, at: number, next: readonly number[] | undefined, withArguments: boolean): string => {
  const node = tree.nodes[at]
  if (!node) return ''
  return node.kind === 'inference' ? asked(tree, next, withArguments) : plain(node, withArguments)
}

const nextUnits = (units: readonly number[][]): Map<number, number[] | undefined> =>
  new Map(units.flatMap((unit, place) => unit.map((at) => [at, units[place + 1]] as const)))

// A folded node takes everything below it along.
const foldedOf = (nodes: readonly DiffNode[], into: ReadonlyMap<number, number>): Map<number, number> => {
  const folded = new Map<number, number>()
  for (const [at, node] of nodes.entries()) {
    const target = into.get(at) ?? folded.get(node.parent)
    if (target !== undefined) folded.set(at, target)
  }
  return folded
}

type Keys = { exact: number[]; loose: number[]; below: number[] }

// From the leaves up, so that siblings can be told apart by all that is below them.
const numbered = (tree: Tree): Keys => {
  const keys: Keys = { exact: [], loose: [], below: [] }
  const next = new Map([...tree.units.values()].flatMap((units) => [...nextUnits(units)]))
  for (let at = tree.nodes.length - 1; at >= 0; at--) {
    keys.exact[at] = tree.number(keyOf(tree, at, next.get(at), true))
    keys.loose[at] = tree.number(keyOf(tree, at, next.get(at), false))
    const below = (tree.children[at + 1] ?? []).map((child) => keys.below[child] ?? 0)
    const own = keys.exact[at] ?? 0
    keys.below[at] = below.length === 0 ? own : tree.number(`<${own}:${below.sort().join(',')}`)
  }
  return keys
}

// The order of what ran side by side says nothing, so it is put into one that both sides share.
const settled = (unit: readonly number[], keys: Keys): readonly number[] => {
  if (unit.length < 2) return unit
  const rank = (list: readonly number[], at: number) => list[at] ?? 0
  return [...unit].sort(
    (a, b) =>
      rank(keys.loose, a) - rank(keys.loose, b) ||
      rank(keys.exact, a) - rank(keys.exact, b) ||
      rank(keys.below, a) - rank(keys.below, b) ||
      a - b,
  )
}

// The steps of a trace as one list: parents first, attempts folded into the last one.
export const sequenceOf = (nodes: readonly DiffNode[], number: Numbering): Item[] => {
  const folded = foldedOf(nodes, foldRetries(nodes))
  const attempts = gather(folded.keys(), (at) => folded.get(at))
  const children = childrenOf(nodes).map((list) => list.filter((at) => !folded.has(at)))
  const units = new Map(children.map((list, parent) => [parent, unitsOf(nodes, list)]))
  const keys = numbered({ nodes, children, units, number })
  const items: Item[] = []
  const open: Omit<Item, 'exact' | 'loose' | 'attempts'>[] = []
  let count = 0
  const pushAll = (parent: number) => {
    for (const unit of [...(units.get(parent + 1) ?? [])].reverse()) {
      const about = { unit: count++, isParallel: unit.length > 1 }
      for (const at of [...settled(unit, keys)].reverse()) open.push({ at, ...about })
    }
  }
  pushAll(-1)
  for (let item = open.pop(); item; item = open.pop()) {
    const { at } = item
    items.push({ ...item, exact: keys.exact[at] ?? 0, loose: keys.loose[at] ?? 0, attempts: attempts.get(at) ?? [] })
    pushAll(at)
  }
  return items
}
