import type { DiffNode } from './node'

const MOST_LEAVES = 64

const collect = (value: unknown, path: string, leaves: Set<string>): void => {
  if (leaves.size >= MOST_LEAVES) return
  if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, leaves)
  else if (typeof value === 'string')
    for (const word of value.slice(0, 2_000).toLowerCase().split(/\s+/, MOST_LEAVES)) leaves.add(`${path}=${word}`)
  else leaves.add(`${path}=${String(value)}`)
}

const leavesOf = (node: DiffNode): ReadonlySet<string> => {
  const leaves = new Set<string>()
  collect(node.body?.arguments, '$', leaves)
  if (node.body?.text !== undefined) collect(node.body.text, '#', leaves)
  return leaves
}

// From 0 to 10, in whole steps: what is shared of what either has.
const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let both = 0
  for (const leaf of a) if (b.has(leaf)) both++
  const either = a.size + b.size - both
  return either === 0 ? 10 : Math.floor((both * 10) / either)
}

const OTHER_TOOL = 3
const OTHER_OUTCOME = 8
const SAME_KIND = 10
const SAME_NAME = 20

export type Alike = (base: DiffNode, compare: DiffNode) => number

// How much two steps speak for being the same one; 0 where they cannot be.
export const newAlike = (): Alike => {
  const known = new Map<DiffNode, ReadonlySet<string>>()
  const leaves = (node: DiffNode) => {
    const found = known.get(node) ?? leavesOf(node)
    known.set(node, found)
    return found
  }
  return (base, compare) => {
    if (base.kind !== compare.kind) return 0
    if (base.kind === 'inference') return SAME_KIND + overlap(leaves(base), leaves(compare))
    if (base.name === compare.name) return SAME_NAME + overlap(leaves(base), leaves(compare))
    if (base.kind === 'tool') return OTHER_TOOL + Math.floor(overlap(leaves(base), leaves(compare)) / 2)
    return base.kind === 'error' || base.kind === 'decision' ? OTHER_OUTCOME : 0
  }
}
