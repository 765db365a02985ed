import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import { skillsOfRun } from '../environments/skills-of-run'
import type { FolderBundle } from '../folder-bundle'
import { loadBundle } from '../load-bundle'
import { loadSnapshot } from '../load-snapshot'
import { requireRow } from './require-version'

// What is compared: a version, or the files as they are now, with the skills of the registry that it names.
export type Side = { hash: string; isCurrent: boolean; folder: FolderBundle }

export const currentSide = async (scope: Scope, workspaceId: string): Promise<Side> => {
  const { bundle } = await skillsOfRun(scope, await loadBundle(scope, workspaceId), {})
  return { hash: bundle.hash, isCurrent: true, folder: bundle.folder }
}

export const versionSide = async (scope: Scope, workspaceId: string, digits: string): Promise<Side> => {
  const { hash } = await requireRow(scope, workspaceId, digits)
  const wanted = { hash, workspaceId, isBootComplete: true, skills: undefined }
  const found = (await loadSnapshot(scope, wanted)) ?? missing('workspace version', digits)
  const { bundle } = await skillsOfRun(scope, found, {})
  return { hash, isCurrent: false, folder: bundle.folder }
}

export const sideOf = (scope: Scope, workspaceId: string, name: string): Promise<Side> =>
  name === 'current' ? currentSide(scope, workspaceId) : versionSide(scope, workspaceId, name)
