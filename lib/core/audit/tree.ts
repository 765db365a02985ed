import { hash } from 'node:crypto'

// The tree of RFC 6962 over leaf hashes in hex. Numbers stay below 2^53, so no bit operators here.

export type NodeRef = { level: number; index: number }
export type TreeNode = NodeRef & { hash: string }

export const EMPTY_ROOT = hash('sha256', '', 'hex')

export const leafHashOf = (canonical: string): string => hash('sha256', `\0${canonical}`, 'hex')

const scratch = Buffer.alloc(65)
scratch[0] = 1

export const nodeHashOf = (left: string, right: string): string => {
  scratch.write(left, 1, 32, 'hex')
  scratch.write(right, 33, 32, 'hex')
  return hash('sha256', scratch, 'hex')
}

// The frontier holds the roots of the complete subtrees, largest first: one per one-bit of the size.
export const appendLeaf = (
  frontier: readonly string[],
  size: number,
  leaf: string,
): { frontier: string[]; nodes: TreeNode[] } => {
  const next = [...frontier]
  const nodes: TreeNode[] = []
  growFrontier(next, size, leaf, (level, index, value) => nodes.push({ level, index, hash: value }))
  return { frontier: next, nodes }
}

export const growFrontier = (
  frontier: string[],
  size: number,
  leaf: string,
  completed: (level: number, index: number, hash: string) => void,
): void => {
  let value = leaf
  let index = size
  for (let level = 1; index % 2 === 1; level++) {
    value = nodeHashOf(frontier.pop() ?? fail('the frontier is shorter than the size says'), value)
    index = (index - 1) / 2
    completed(level, index, value)
  }
  frontier.push(value)
}

export const foldRight = (hashes: readonly string[]): string => {
  const last = hashes.at(-1)
  if (last === undefined) return EMPTY_ROOT
  let root = last
  for (let i = hashes.length - 2; i >= 0; i--) root = nodeHashOf(hashes[i] ?? '', root)
  return root
}

export const rootOf = (frontier: readonly string[], size: number): string =>
  frontier.length === onesIn(size) ? foldRight(frontier) : fail('the frontier does not belong to this size')

const onesIn = (size: number): number => {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}

type Range = readonly [start: number, end: number]

const splitOf = (length: number): number => {
  let split = 1
  while (split * 2 < length) split *= 2
  return split
}

// Each hash of a proof covers a range of leaves; a range is folded from at most log n stored nodes.
export const nodesOf = ([start, end]: Range): NodeRef[] => {
  const refs: NodeRef[] = []
  for (let at = start; at < end; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++
    refs.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return refs
}

export type ProofPlan = NodeRef[][]

export const planInclusion = (index: number, size: number): ProofPlan => {
  if (!(index >= 0 && index < size)) fail('the leaf is not in the tree')
  const ranges: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    const left = index < middle
    ranges.push(left ? [middle, end] : [start, middle])
    ;[start, end] = left ? [start, middle] : [middle, end]
  }
  return ranges.reverse().map(nodesOf)
}

export const planConsistency = (first: number, second: number): ProofPlan => {
  if (!(first >= 1 && first <= second)) fail('the first size must be from 1 to the second size')
  const ranges: Range[] = []
  let [start, end, target, whole] = [0, second, first, true]
  while (target !== end) {
    const middle = start + splitOf(end - start)
    const left = target <= middle
    ranges.push(left ? [middle, end] : [start, middle])
    if (!left) whole = false
    ;[start, end] = left ? [start, middle] : [middle, end]
  }
  if (!whole) ranges.push([start, end])
  return ranges.reverse().map(nodesOf)
}

export type NodeGetter = (ref: NodeRef) => string | Promise<string>

const proofOf = (plan: ProofPlan, get: NodeGetter): Promise<string[]> =>
  Promise.all(plan.map(async (refs) => foldRight(await Promise.all(refs.map(get)))))

export const inclusionProof = (index: number, size: number, get: NodeGetter): Promise<string[]> =>
  proofOf(planInclusion(index, size), get)

export const consistencyProof = (first: number, second: number, get: NodeGetter): Promise<string[]> =>
  proofOf(planConsistency(first, second), get)

const fail = (why: string): never => {
  throw new RangeError(why)
}
