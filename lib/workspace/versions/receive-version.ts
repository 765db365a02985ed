import type { Scope } from '@/lib/core/scope'
import type { ReplyOf } from '@/lib/shared/contract'
import type * as contracts from '../contract/versions'
import { homeOf } from '../load-bundle'
import { getVersion } from './list-versions'
import { changedFiles, filesIn } from './read-json'
import { readTar } from './read-tar'
import { requireRow } from './require-version'
import { type NewVersion, saveVersion } from './save-version'
import { versionContents } from './version-files'

type Sent = {
  query: { message?: string | undefined; parent_hash?: string | undefined; create: 'true' | 'false' }
  body: contracts.SaveVersion | undefined
  request: Request
}

type Draft = Pick<NewVersion, 'files' | 'message' | 'expectedParent'>

// Whatever is behind the request is let go of where the reader leaves.
async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body as unknown as AsyncIterable<Uint8Array>
}

const ofParent = async (scope: Scope, workspaceId: string, parent: string, body: contracts.SaveVersion) => {
  const { hash } = await requireRow(scope, workspaceId, parent)
  const before = []
  for await (const { path, bytes, isExecutable } of versionContents(scope, workspaceId, hash))
    before.push({ path, bytes, isExecutable })
  return changedFiles(before, body)
}

const draftOf = async (scope: Scope, workspaceId: string, { query, body, request }: Sent): Promise<Draft> => {
  if (body === undefined)
    return { files: await readTar(chunksOf(request)), message: query.message, expectedParent: query.parent_hash }
  const { files, message, parent_hash: parent } = body
  const about = { message: message ?? query.message, expectedParent: parent }
  if (files !== undefined) return { ...about, files: filesIn(files) }
  return { ...about, files: await ofParent(scope, workspaceId, parent ?? '', body) }
}

/** A version as it comes over the wire: an archive, all files as JSON, or changes of the last version. */
export const receiveVersion = async (
  scope: Scope,
  workspaceId: string,
  sent: Sent,
): Promise<ReplyOf<typeof contracts.saveVersion>> => {
  if (sent.query.create === 'false') await homeOf(scope, workspaceId)
  const draft = await draftOf(scope, workspaceId, sent)
  const source = scope.identity.plane === 'ops' ? 'console' : 'push'
  const { hash, isNew } = await saveVersion(scope, { workspaceId, source, ...draft })
  const { version } = await getVersion(scope, workspaceId, hash)
  return { status: 'ok', is_new: isNew, version }
}
