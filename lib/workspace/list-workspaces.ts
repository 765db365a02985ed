import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { DEFAULT_WORKSPACE, ownFolders } from './place'
import { allWorkspaces } from './store'

// A workspace is known by its row or by its folder; `default` exists in every tenant.
export const listWorkspaces = async (scope: Scope): Promise<{ id: string; name: string }[]> => {
  const rows = await allWorkspaces(scope.db)
  const names = new Map([[DEFAULT_WORKSPACE, 'Default'], ...rows.map(({ id, name }) => [id, name] as const)])
  for (const id of ownFolders(kernel().env, scope.tenantId)) if (!names.has(id)) names.set(id, id)
  const { workspaceIds } = scope.identity
  return [...names]
    .filter(([id]) => workspaceIds === null || workspaceIds.includes(id))
    .map(([id, name]) => ({ id, name }))
}

/** Where a page begins that names no workspace: the one of everybody, or the first one within the caller's fence. */
export const firstWorkspace = ({ identity: { workspaceIds } }: Scope): string =>
  workspaceIds === null || workspaceIds.includes(DEFAULT_WORKSPACE)
    ? DEFAULT_WORKSPACE
    : (workspaceIds[0] ?? DEFAULT_WORKSPACE)

// Besides the common persona, every file in souls/ is a role.
export const rolesIn = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => /^souls\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})[.]md$/.exec(path)?.[1] ?? []).sort()
