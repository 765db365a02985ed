import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import type { Version } from '../contract/version'
import { canaryIn } from '../environments/pin-set'
import { shortHash } from './require-version'
import { findHead, findPinned, type VersionRow } from './store'

const SOURCES: Readonly<Record<string, Version['source']>> = { push: 'push', console: 'console', import: 'import' }

const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

type Around = { latest: string | null; pinned: readonly { environment: string; hashes: readonly string[] }[] }

/** What is told of a version besides what its row says. */
export const around = async (scope: Scope, workspaceId: string): Promise<Around> => {
  const pins = await findPinned(scope.db, workspaceId)
  const pinned = pins.map(({ environment, versionHash, canary }) => {
    const other = canaryIn(canary)
    return { environment, hashes: [versionHash, ...(other ? [other.versionHash] : [])] }
  })
  return { latest: (await findHead(scope.db, workspaceId))?.hash ?? null, pinned }
}

export const presentVersion = (row: VersionRow, { latest, pinned }: Around): Version => ({
  version_hash: shortHash(row.hash),
  full_hash: row.hash,
  workspace_id: row.workspaceId,
  ...(row.message === null ? {} : { message: row.message }),
  source: SOURCES[row.source] ?? 'run',
  parent_hash: row.parentHash === null ? null : shortHash(row.parentHash),
  created_at: toWire(row.createdAt),
  created_by: row.createdBy,
  file_count: row.fileCount,
  size: row.size,
  warnings: textsIn(row.warnings),
  pinned_in: pinned.flatMap(({ environment, hashes }) => (hashes.includes(row.hash) ? [environment] : [])),
  is_latest: row.hash === latest,
})
