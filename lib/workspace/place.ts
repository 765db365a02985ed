import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Env } from '@/lib/core/env'
import { WorkspaceId } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'

export const DEFAULT_WORKSPACE = 'default'

// `shown` is the folder as it was configured; only `path` is ever opened, and nothing but `shown` is ever told.
export type Place = { path: string; shown: string; isShared: boolean; mustBe?: string }

type Settings = Pick<Env, 'CLASPER_WORKSPACE' | 'CLASPER_WORKSPACES'>

const isFolder = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false
  }
}

// Ids begin with a letter or a digit and hold no separator, so they are single names and never `.` or `..`.
const isName = (id: string): boolean => WorkspaceId.safeParse(id).success

export const ownPlace = (settings: Settings, tenantId: string, workspaceId: string): Place | null => {
  const parent = settings.CLASPER_WORKSPACES
  if (parent === '' || !isName(tenantId) || !isName(workspaceId)) return null
  const path = join(resolve(/* turbopackIgnore: true */ parent), tenantId, workspaceId)
  if (!isFolder(path)) return null
  return { path, shown: `${parent.replace(/\/+$/, '')}/${tenantId}/${workspaceId}`, isShared: false, mustBe: parent }
}

const MOST_FOLDERS = 1_000

// Ids of the workspaces that a tenant has a folder for.
export const ownFolders = ({ CLASPER_WORKSPACES: parent }: Settings, tenantId: string): string[] => {
  if (parent === '' || !isName(tenantId)) return []
  try {
    return readdirSync(join(resolve(/* turbopackIgnore: true */ parent), tenantId), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isName(entry.name))
      .map((entry) => entry.name)
      .sort()
      .slice(0, MOST_FOLDERS)
  } catch {
    return []
  }
}

export const sharedPlace = ({ CLASPER_WORKSPACE: shown }: Pick<Settings, 'CLASPER_WORKSPACE'>): Place => ({
  path: resolve(/* turbopackIgnore: true */ shown),
  shown,
  isShared: true,
})

// The folder of its own wins; the one file workspace is the `default` of whoever has none.
export const placeOf = (settings: Settings, tenantId: string, workspaceId: string): Place | null => {
  const own = ownPlace(settings, tenantId, workspaceId)
  return own || workspaceId !== DEFAULT_WORKSPACE ? own : sharedPlace(settings)
}

const realOf = (path: string): string | null => {
  try {
    return realpathSync.native(path)
  } catch {
    return null
  }
}

// A tenant's folder is a real folder where it stands: a link there could lead into another tenant's.
export const realRootOf = (place: Place): string | null => {
  const real = realOf(place.path)
  if (real === null || place.mustBe === undefined) return real
  const parent = realOf(resolve(/* turbopackIgnore: true */ place.mustBe))
  const names = place.path.slice(resolve(/* turbopackIgnore: true */ place.mustBe).length)
  if (parent !== null && real === `${parent.replace(/\/$/, '')}${names}`) return real
  throw new Problem('config_error', 'The folder of this workspace is a link or leads elsewhere.')
}
