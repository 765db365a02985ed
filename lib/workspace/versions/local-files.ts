import { resolve } from 'node:path'
import { bytesAgain } from '../attachments'
import type { Place } from '../place'
import { readFolder } from '../read-folder'
import type { Refusal } from '../walk-folder'

export type LocalFile = { path: string; sha256: string; bytes: Uint8Array; isExecutable: boolean }

export type LocalFiles = { files: LocalFile[]; refused: readonly Refusal[] }

/** What a folder holds as a run would read it, byte by byte; and what of it no version can hold. */
export const filesOfPlace = async (place: Place): Promise<LocalFiles> => {
  const read = await readFolder(place)
  const files: LocalFile[] = []
  const refused = [...read.refused]
  for (const file of read.files.values()) {
    const bytes = await bytesAgain(file.full ?? '', file.sha256)
    if (bytes === null) refused.push({ path: file.path, reason: 'changed while it was read' })
    else files.push({ path: file.path, sha256: file.sha256, bytes, isExecutable: file.isExecutable ?? false })
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), refused }
}

export const localFiles = (folder: string): Promise<LocalFiles> =>
  filesOfPlace({ path: resolve(/* turbopackIgnore: true */ folder), shown: folder, isShared: false })
