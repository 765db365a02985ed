import { createHash } from 'node:crypto'
import { bundleHash, readTar } from '@/lib/workspace'
import { type Door, knock } from './server'

export type RemoteFile = { path: string; bytes: Uint8Array; sha256: string; isExecutable: boolean }
export type RemoteVersion = { hash: string; files: RemoteFile[] }

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function* chunksOf(answer: Response): AsyncGenerator<Uint8Array> {
  if (answer.body !== null) yield* answer.body as unknown as AsyncIterable<Uint8Array>
}

/** A version with its contents. What does not add up to the hash that it was given as is refused. */
export const fetchVersion = async (door: Door, version: string): Promise<RemoteVersion> => {
  const answer = await knock(door, { path: `/versions/${encodeURIComponent(version)}/download` })
  const files = (await readTar(chunksOf(answer))).map(({ path, bytes, isExecutable = false }) => ({
    ...{ path, bytes, isExecutable },
    sha256: sha(bytes),
  }))
  const hash = bundleHash(files)
  if (hash !== answer.headers.get('x-workspace-version'))
    throw new Error('What the server sent is not the version that it names. Nothing was changed.')
  return { hash, files }
}
