import type { Scope } from '@/lib/core/scope'
import type { Impact } from '../contract/impact'
import { makeBundle } from '../folder-bundle'
import { EMPTY_READ } from '../read-folder'
import { daysNow } from './diff-versions'
import { impactBetween } from './impact'
import { sideOf } from './side'

/**
 * What it would change to run the new version where the old one runs; null is a place where nothing runs yet. Each is
 * named by its digits, `latest`, or `current` for the files as they are.
 */
export const impactOf = async (
  scope: Scope,
  workspaceId: string,
  oldHash: string | null,
  newHash: string,
): Promise<Impact> => {
  const from = oldHash === null ? null : (await sideOf(scope, workspaceId, oldHash)).folder
  const { folder } = await sideOf(scope, workspaceId, newHash)
  return impactBetween(from, makeBundle(EMPTY_READ), folder, daysNow(scope))
}

type Asked = { workspace_id: string; old_version_hash: string; new_version_hash?: string | undefined }

export const showImpact = async (scope: Scope, asked: Asked): Promise<{ status: 'ok'; analysis: Impact }> => {
  const { workspace_id: workspaceId, old_version_hash: from, new_version_hash: to = 'current' } = asked
  return { status: 'ok', analysis: await impactOf(scope, workspaceId, from, to) }
}
