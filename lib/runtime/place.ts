import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { RunMetadata } from './contract'

export type Place = {
  workspaceId: string
  environment: string
  userId: string | null
  role: string | null
  sessionKey: string | null
}

// Before its environment is known by name: null is the one that runs there take.
export type WishedPlace = Omit<Place, 'environment'> & { environment: string | null }

const DEFAULT_WORKSPACE = 'default'

// The credential may be fenced to workspaces; what metadata says is a wish like any other.
export const placeOf = (
  scope: Scope,
  who: Pick<Place, 'userId' | 'role' | 'sessionKey'>,
  metadata: Pick<RunMetadata, 'workspace_id' | 'environment'> = {},
): WishedPlace => {
  const { workspaceIds } = scope.identity
  const wished = metadata.workspace_id
  if (wished !== undefined && scope.workspaceId !== undefined && wished !== scope.workspaceId && workspaceIds === null)
    throw new Problem('conflicting_fields', 'workspace_id is given with different values.')
  const workspaceId = wished ?? scope.workspaceId ?? DEFAULT_WORKSPACE
  if (workspaceIds !== null && !workspaceIds.includes(workspaceId))
    throw new Problem('workspace_access_denied', undefined, { workspace_id: workspaceId })
  return { workspaceId, environment: metadata.environment ?? null, ...who }
}
