import type { Scope } from '@/lib/core/scope'
import { DEFAULT_WORKSPACE } from './place'
import { allWorkspaces } from './store'

export const listWorkspaces = async (scope: Scope): Promise<{ id: string; name: string }[]> => {
  const rows = await allWorkspaces(scope.db)
  const known = rows.some(({ id }) => id === DEFAULT_WORKSPACE)
  const all = known ? rows : [{ id: DEFAULT_WORKSPACE, name: 'Default' }, ...rows]
  const { workspaceIds } = scope.identity
  return workspaceIds === null ? all : all.filter(({ id }) => workspaceIds.includes(id))
}

// Besides the common persona, every file in souls/ is a role.
export const rolesIn = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => /^souls\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})[.]md$/.exec(path)?.[1] ?? []).sort()
