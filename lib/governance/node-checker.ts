import type { TreeNode } from '../core/audit/tree'
import { keyOf } from './store'

type Add = (code: string, seq: number | null, message: string) => void

type Level = { first: number; hashes: string[] }

// Collects the inner nodes that a batch of leaves completes. Nodes of one level complete in order, so each
// level is one range and is compared as one text; only where that differs are nodes looked at one by one.
export const createNodeCollector = () => {
  const levels: Level[] = []

  const collect = (level: number, index: number, hash: string): void => {
    const known = levels[level]
    if (known) known.hashes.push(hash)
    else levels[level] = { first: index, hashes: [hash] }
  }

  const ranges = (): number[][] =>
    [...levels.entries()].flatMap(([level, found]) =>
      found ? [[level, found.first, found.first + found.hashes.length - 1]] : [],
    )

  const doubtful = (stored: ReadonlyMap<number, string>): TreeNode[] => {
    const nodes = [...levels.entries()].flatMap(([level, found]) =>
      !found || found.hashes.join('') === stored.get(level)
        ? []
        : found.hashes.map((hash, i) => ({ level, index: found.first + i, hash })),
    )
    levels.length = 0
    return nodes
  }

  const report = (nodes: readonly TreeNode[], stored: ReadonlyMap<string, string>, add: Add): void => {
    for (const node of nodes) {
      const found = stored.get(keyOf(node))
      if (found === node.hash) continue
      const code = `node_${node.level}_${node.index}_${found === undefined ? 'missing' : 'mismatch'}`
      add(code, null, 'A stored node of the tree is not what its leaves give')
    }
  }

  return { collect, ranges, doubtful, report }
}

export type NodeCollector = ReturnType<typeof createNodeCollector>
