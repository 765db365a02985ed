import { missing, Problem } from '@/lib/shared/problem'
import type { Scope } from '../core/scope'
import { mayReadAll } from './audit-filter'
import { foldConsistency, foldInclusion } from './audit-tree'
import { findEntry, readHead } from './store'

const sizeWithin = (wanted: number | undefined, size: number, field: string): number => {
  if ((wanted ?? size) <= size) return wanted ?? size
  throw new Problem('invalid_request', `The log has ${size} events`, {
    issues: [{ path: [field], message: `must be at most ${size}` }],
  })
}

export const proveInclusion = async (scope: Scope, seq: number, treeSize?: number) => {
  mayReadAll(scope)
  const [entry, head] = await Promise.all([findEntry(scope, seq), readHead(scope)])
  const size = sizeWithin(treeSize, head.size, 'tree_size')
  if (!entry || seq > size) return missing('audit event', String(seq))
  const { path, root } = await foldInclusion(scope, seq - 1, size)
  return {
    tenant_id: scope.tenantId,
    seq,
    leaf_index: seq - 1,
    leaf_hash: entry.leafHash,
    tree_size: size,
    root_hash: root,
    path,
    canonical: entry.canonical,
  }
}

export const proveConsistency = async (scope: Scope, from: number, upto?: number) => {
  mayReadAll(scope)
  const size = sizeWithin(upto, (await readHead(scope)).size, 'to_size')
  const first = sizeWithin(from, size, 'from_size')
  const { path, fromRoot, toRoot } = await foldConsistency(scope, first, size)
  return { tenant_id: scope.tenantId, from_size: first, to_size: size, from_root: fromRoot, to_root: toRoot, path }
}
