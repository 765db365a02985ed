import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { IndexStats } from './contract'
import { resolveRun } from './environments/resolve-run'
import type { SmartIndex } from './smart-index'

export const presentIndex = (index: SmartIndex | null): IndexStats => {
  const skills = index?.skills.pieces.size ?? 0
  const memory = index?.memory.pieces.size ?? 0
  return {
    indexed_chunks: skills + memory,
    indexed_skills: skills,
    indexed_memory_chunks: memory,
    last_indexed_at: index?.builtAt.toISOString() ?? null,
    embedding_provider: kernel().env.CLASPER_EMBEDDING_PROVIDER,
  }
}

/** The index as it is; asking does not build it. */
export const contextStats = async (scope: Scope): Promise<IndexStats> =>
  presentIndex((await resolveRun(scope, { workspaceId: scope.workspaceId })).bundle.folder.smart.index)
