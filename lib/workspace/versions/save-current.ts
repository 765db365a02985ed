import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { Version } from '../contract/version'
import { homeOf, loadBundle } from '../load-bundle'
import { getVersion } from './list-versions'
import { filesOfPlace } from './local-files'
import { saveVersion } from './save-version'

type Saved = { status: 'ok'; is_new: boolean; version: Version }

/** The files of the folder as they are now, as a version: where a workspace of files begins to be one of versions. */
export const saveCurrent = async (
  scope: Scope,
  asked: string,
  { message }: { message?: string | undefined },
): Promise<Saved> => {
  const { workspaceId, place } = await homeOf(scope, asked)
  if (place === null)
    throw new Problem('version_conflict', 'This workspace has no folder: its versions are all it has.')
  const { folder } = await loadBundle(scope, workspaceId)
  if (folder.hidesRules)
    throw new Problem('config_error', 'Rules in this folder cannot be read, so a version of it would permit more.', {
      warnings: folder.warnings.slice(0, 20),
    })
  const { files } = await filesOfPlace(place)
  const { hash, isNew } = await saveVersion(scope, { workspaceId, files, message, source: 'console' })
  const { version } = await getVersion(scope, workspaceId, hash)
  return { status: 'ok', is_new: isNew, version }
}
