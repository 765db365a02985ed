import type { DiffNode } from './node'
import { type Numbering, newNumbering } from './numbering'

const MOST_LEAVES = 48

const collect = (value: unknown, path: string, leaves: Set<string>): void => {
  if (leaves.size >= MOST_LEAVES) return
  if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, leaves)
  else if (typeof value === 'string')
    for (const word of value.slice(0, 2_000).toLowerCase().split(/\s+/, MOST_LEAVES)) leaves.add(`${path}=${word}`)
  else leaves.add(`${path}=${String(value)}`)
}

// As numbers in order, which are compared faster than texts.
const leavesOf = (node: DiffNode, number: Numbering): Int32Array => {
  const leaves = new Set<string>()
  collect(node.body?.arguments, '$', leaves)
  if (node.body?.text !== undefined) collect(node.body.text, '#', leaves)
  return Int32Array.from(leaves, number).sort()
}

const bothIn = (a: Int32Array, b: Int32Array): number => {
  let [i, j, both] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const difference = (a[i] ?? 0) - (b[j] ?? 0)
    if (difference === 0) both++
    if (difference <= 0) i++
    if (difference >= 0) j++
  }
  return both
}

// From 0 to 10, in whole steps: what is shared of what either has.
const overlap = (a: Int32Array, b: Int32Array): number => {
  const both = bothIn(a, b)
  const either = a.length + b.length - both
  return either === 0 ? 10 : Math.floor((both * 10) / either)
}

// What holds a run together is the same one under another name, rather than another.
const HOLDERS = new Set(['agent', 'workflow'])

const OTHER_NAME = 2
const OTHER_TOOL = 3
const OTHER_OUTCOME = 8
const SAME_KIND = 10
const SAME_NAME = 20

export type Alike = (base: DiffNode, compare: DiffNode) => number

// How much two steps speak for being the same one; 0 where they cannot be.
export const newAlike = (): Alike => {
  const known = new Map<DiffNode, Int32Array>()
  const number = newNumbering()
  const leaves = (node: DiffNode) => {
    const found = known.get(node) ?? leavesOf(node, number)
    known.set(node, found)
    return found
  }
  return (base, compare) => {
    if (base.kind !== compare.kind) return 0
    if (base.kind === 'inference') return SAME_KIND + overlap(leaves(base), leaves(compare))
    if (base.name === compare.name) return SAME_NAME + overlap(leaves(base), leaves(compare))
    if (base.kind === 'tool') return OTHER_TOOL + Math.floor(overlap(leaves(base), leaves(compare)) / 2)
    if (HOLDERS.has(base.kind)) return OTHER_NAME
    return base.kind === 'error' || base.kind === 'decision' ? OTHER_OUTCOME : 0
  }
}
