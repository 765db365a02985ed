import type { NodeRef } from '../core/audit/tree'
import { keyOf } from './store'

type Add = (code: string, seq: number | null, message: string) => void

// Collects the inner nodes that a batch of leaves completes, then compares them with the stored ones.
export const createNodeCollector = () => {
  const state = { nodes: [] as (NodeRef & { hash: string })[] }
  const compare = (stored: ReadonlyMap<string, string>, add: Add): void => {
    for (const node of state.nodes) {
      const found = stored.get(keyOf(node))
      if (found === node.hash) continue
      const code = `node_${node.level}_${node.index}_${found === undefined ? 'missing' : 'mismatch'}`
      add(code, null, 'A stored node of the tree is not what its leaves give')
    }
    state.nodes = []
  }
  // Nodes of one level complete in order, so each level is one range.
  const ranges = (): number[][] => {
    const byLevel = new Map<number, number[]>()
    for (const { level, index } of state.nodes) byLevel.set(level, [level, byLevel.get(level)?.[1] ?? index, index])
    return [...byLevel.values()]
  }
  const collect = (level: number, index: number, hash: string): void => void state.nodes.push({ level, index, hash })
  return { collect, ranges, compare }
}
