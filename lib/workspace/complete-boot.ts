import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { rememberBooted } from './boot-state'
import { resolveRun } from './environments/resolve-run'
import { BOOT_MARKER } from './file-kind'
import { type Home, homeOf } from './load-bundle'
import { type Place, realRootOf } from './place'
import { statOf } from './stamp'
import { saveBootCompleted } from './store'

const UNWRITABLE = new Set(['EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ENOSPC', 'EDQUOT', 'ELOOP'])

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

type Written = 'new' | 'before' | 'refused'

// 'wx' follows no link and replaces nothing: a marker that is there already is the same word.
const writeMarker = async (place: Place, now: Date): Promise<Written> => {
  if (realRootOf(place) === null) return 'refused'
  try {
    const file = await open(/* turbopackIgnore: true */ join(place.path, BOOT_MARKER), 'wx', 0o644)
    await file.writeFile(`${now.toISOString()}\n`).finally(() => file.close())
    return 'new'
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return statOf(join(place.path, BOOT_MARKER))?.isFile() ? 'before' : 'refused'
    if (UNWRITABLE.has(codeOf(error))) return 'refused'
    throw error
  }
}

// The one file workspace belongs to the default tenant; what another says of its own `default` is kept in its row.
const ownFolder = (scope: Scope, { place }: Home): Place | null =>
  place !== null && (!place.isShared || scope.tenantId === kernel().env.CLASPER_DEFAULT_TENANT_ID) ? place : null

const record = async (scope: Scope, workspaceId: string, at: Date, stored: 'folder' | 'database'): Promise<void> => {
  const about = { event: 'config_change', entityId: workspaceId, workspaceId, data: { kind: 'boot', stored } } as const
  await scope.mutate(about, async (db) => {
    if (stored === 'database') await saveBootCompleted(db, workspaceId, at)
  })
}

/** Done once and for all: by a file in the folder, or by the workspace's row where the folder cannot be written. */
export const completeBoot = async (scope: Scope): Promise<{ status: 'ok' }> => {
  const home = await homeOf(scope, scope.workspaceId)
  const { workspaceId } = home
  if ((await resolveRun(scope, { workspaceId })).bundle.isBootComplete) return { status: 'ok' }
  const at = scope.clock.now()
  const folder = ownFolder(scope, home)
  const written = folder ? await writeMarker(folder, at) : 'refused'
  try {
    await record(scope, workspaceId, at, written === 'refused' ? 'database' : 'folder')
  } catch (error) {
    if (folder && written === 'new') await rm(join(folder.path, BOOT_MARKER), { force: true })
    throw error
  }
  if (written === 'refused') rememberBooted(scope, workspaceId)
  return { status: 'ok' }
}
