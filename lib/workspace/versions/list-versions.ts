import type { Scope } from '@/lib/core/scope'
import type { ReplyOf } from '@/lib/shared/contract'
import type { ListedVersion, Version } from '../contract/version'
import type * as contracts from '../contract/versions'
import { homeOf } from '../load-bundle'
import { around, presentVersion } from './present-version'
import { requireRow, shortHash } from './require-version'
import { findFileLines, pageOfVersions, type VersionRow } from './store'
import { versionFile, versionFiles } from './version-files'

const MOST_LISTED = 200

type Page = { limit: number; offset: number }

const filesOf = async (scope: Scope, rows: readonly VersionRow[]): Promise<Map<string, ListedVersion['files']>> => {
  const small = rows.filter(({ fileCount }) => fileCount <= MOST_LISTED).map(({ hash }) => hash)
  const files = new Map<string, ListedVersion['files']>()
  for (const { bundleHash, path, size, contentHash, bodyHash } of await findFileLines(scope.db, small))
    files.set(bundleHash, [...(files.get(bundleHash) ?? []), { path, hash: contentHash ?? bodyHash, size }])
  return files
}

/** The versions of a workspace, the latest first. */
export const listVersions = async (
  scope: Scope,
  asked: string,
  { limit, offset }: Page,
): Promise<ReplyOf<typeof contracts.listVersions>> => {
  const { workspaceId } = await homeOf(scope, asked)
  const { rows, total } = await pageOfVersions(scope.db, workspaceId, { limit, offset })
  const [files, about] = [await filesOf(scope, rows), await around(scope, workspaceId)]
  const versions = rows.map((row) => ({ ...presentVersion(row, about), files: files.get(row.hash) ?? [] }))
  return { workspace_id: workspaceId, versions, total, has_more: offset + rows.length < total, limit, offset }
}

export const getVersion = async (scope: Scope, workspaceId: string, digits: string): Promise<{ version: Version }> => {
  const row = await requireRow(scope, workspaceId, digits)
  return { version: presentVersion(row, await around(scope, workspaceId)) }
}

type About = ReplyOf<typeof contracts.listVersionFiles>['files'][number]

const presentFile = ({
  path,
  hash,
  size,
  encoding,
  isExecutable,
}: Omit<About, 'executable'> & { isExecutable: boolean }) => ({
  ...{ path, hash, size, encoding },
  executable: isExecutable,
})

export const listVersionFiles = async (
  scope: Scope,
  workspaceId: string,
  digits: string,
): Promise<ReplyOf<typeof contracts.listVersionFiles>> => {
  const { hash } = await requireRow(scope, workspaceId, digits)
  const files = await versionFiles(scope, workspaceId, hash)
  return { version_hash: shortHash(hash), files: files.map(presentFile) }
}

export const getVersionFile = async (
  scope: Scope,
  workspaceId: string,
  digits: string,
  path: string,
): Promise<ReplyOf<typeof contracts.getVersionFile>> => {
  const { hash } = await requireRow(scope, workspaceId, digits)
  const file = await versionFile(scope, workspaceId, hash, path)
  return { version_hash: shortHash(hash), file: { ...presentFile(file), content: file.body ?? '' } }
}
