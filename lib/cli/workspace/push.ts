import { gzipSync } from 'node:zlib'
import { localFiles, tarOf } from '@/lib/workspace'
import { saveVersion } from '@/lib/workspace/contract/versions'
import { plain } from '../approvals/show'
import { DONE, FAILED, type Terminal } from '../command'
import { marksOf } from './plan-pull'
import { ask, type Door, Refused } from './server'
import { readState, writeState } from './state-file'

export type Push = {
  folder: string
  workspace: string
  message: string | undefined
  force: boolean
  create: boolean
  json: boolean
}

const archiveOf = async (files: Parameters<typeof tarOf>[0]): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of tarOf(files)) chunks.push(chunk)
  return gzipSync(Buffer.concat(chunks))
}

const MOST_TOLD = 20

const stale = (error: unknown): never => {
  if (error instanceof Refused && error.code === 'version_conflict')
    throw new Error(`${error.message}\nPull it first, or push with --force to save this on top of it.`)
  throw error
}

/** What the folder holds, as the next version of the workspace. */
export const push = async (door: Door, wish: Push, { out, err }: Terminal): Promise<number> => {
  const { folder, workspace, message, force, json } = wish
  const { files, refused } = await localFiles(folder)
  if (refused.length > 0) {
    err('Nothing was pushed: a version could not hold all of this folder.')
    for (const { path, reason } of refused.slice(0, MOST_TOLD)) err(`  ${plain(path)} ${reason}`)
    return FAILED
  }
  const seen = force ? null : readState(folder, workspace)
  const query = {
    ...(wish.create ? { create: 'true' } : {}),
    ...(message === undefined ? {} : { message }),
    ...(seen === null ? {} : { parent_hash: seen.version_hash }),
  }
  const call = { path: '/versions', query, body: await archiveOf(files), type: 'application/gzip' }
  const saved = await ask(door, call, saveVersion.reply).catch(stale)
  const { version, is_new: isNew } = saved
  writeState(folder, { workspace_id: workspace, version_hash: version.full_hash, files: marksOf(files) })
  if (json) out(JSON.stringify(saved))
  else {
    out(`${isNew ? 'Saved' : 'Known already:'} ${version.version_hash} (${version.file_count} files)`)
    for (const warning of version.warnings) err(`  ${plain(warning)}`)
  }
  return DONE
}
