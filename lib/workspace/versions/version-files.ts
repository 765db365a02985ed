import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { bytesOfBody } from '../kept-bodies'
import { type FileAbout, filesAbout, type KeptFile, withContents } from '../load-snapshot'
import { requireRow } from './require-version'

export type VersionFile = KeptFile & { bytes: Buffer }

const PIECE_BYTES = 4_000_000

/** What a version holds, by path: paths, hashes and sizes. */
export const versionFiles = async (scope: Scope, workspaceId: string, hash: string): Promise<FileAbout[]> => {
  const row = await requireRow(scope, workspaceId, hash)
  return filesAbout(scope, row.hash)
}

const notKept = (path: string): never => {
  throw new Problem('internal_error', 'A file of this version is not kept.', { path })
}

export const bytesOf = ({ path, encoding, body, isExact }: KeptFile): Buffer =>
  body === null || !isExact ? notKept(path) : bytesOfBody(encoding, body)

/** Its files byte by byte, one after another, a few mebibytes of them in memory at a time. */
export async function* versionContents(scope: Scope, workspaceId: string, hash: string): AsyncGenerator<VersionFile> {
  const files = await versionFiles(scope, workspaceId, hash)
  for (let at = 0; at < files.length; ) {
    const piece: FileAbout[] = []
    for (let size = 0; at < files.length && size < PIECE_BYTES; at++) {
      const file = files[at]
      if (file) piece.push(file)
      size += file?.size ?? 0
    }
    for (const file of await withContents(scope, piece)) yield { ...file, bytes: bytesOf(file) }
  }
}

/** One file of a version. */
export const versionFile = async (
  scope: Scope,
  workspaceId: string,
  hash: string,
  path: string,
): Promise<VersionFile> => {
  const about = (await versionFiles(scope, workspaceId, hash)).find((file) => file.path === path)
  const [file] = about ? await withContents(scope, [about]) : []
  return file ? { ...file, bytes: bytesOf(file) } : missing('file', path)
}
