import type { Scope } from '@/lib/core/scope'
import type { IndexStats } from './contract'
import { freshBundle } from './folder-cache'
import { presentIndex } from './index-stats'
import { bundleOf, homeOf } from './load-bundle'
import { indexOf } from './select-context'

/** Reads the folder anew, looks again for the programs that skills need, and builds the index. */
export const reindexWorkspace = async (scope: Scope): Promise<IndexStats> => {
  const home = await homeOf(scope, scope.workspaceId)
  const folder = home.place ? await freshBundle(home.place) : undefined
  const bundle = await bundleOf(scope, home, folder)
  const stats = presentIndex(indexOf(bundle.folder, scope.clock.now()))
  const data = { kind: 'reindex', workspace_hash: bundle.hash, indexed_chunks: stats.indexed_chunks }
  const { workspaceId } = home
  await scope.command({ audit: [{ event: 'config_change', entityId: workspaceId, workspaceId, data }] })
  return stats
}
