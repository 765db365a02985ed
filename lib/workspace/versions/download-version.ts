import { type Pack, pack } from 'tar-stream'
import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { requireRow, shortHash } from './require-version'
import { type VersionFile, versionContents } from './version-files'

// The same version is the same archive, whoever loads it and whenever.
const EPOCH = dateOf(0)

const add = (archive: Pack, { path, bytes, isExecutable }: VersionFile): Promise<void> =>
  new Promise((resolve, reject) => {
    const header = { name: path, size: bytes.byteLength, mode: isExecutable ? 0o755 : 0o644, mtime: EPOCH }
    archive.entry(header, bytes, (error) => (error ? reject(error) : resolve()))
  })

const fill = async (archive: Pack, files: AsyncIterable<VersionFile>): Promise<void> => {
  try {
    for await (const file of files) {
      if (archive.destroyed) return
      await add(archive, file)
    }
    archive.finalize()
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

async function* tarOf(files: AsyncIterable<VersionFile>): AsyncGenerator<Uint8Array> {
  const archive = pack()
  const filling = fill(archive, files)
  try {
    for await (const chunk of archive) yield chunk
  } finally {
    archive.destroy()
    await filling
  }
}

const encoder = new TextEncoder()

const asJson = ({ path, encoding, body, isExecutable }: VersionFile): string => {
  const isPlain = encoding === 'utf8' && !isExecutable
  const file = isPlain ? body : { content: body, encoding, ...(isExecutable ? { executable: true } : {}) }
  return `${JSON.stringify(path)}:${JSON.stringify(file)}`
}

// What saves this version again.
async function* jsonOf(files: AsyncIterable<VersionFile>): AsyncGenerator<Uint8Array> {
  let lead = '{"files":{'
  for await (const file of files) {
    yield encoder.encode(`${lead}${asJson(file)}`)
    lead = ','
  }
  yield encoder.encode(lead === ',' ? '}}' : `${lead}}}`)
}

const streamed = (chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => void (await chunks.return(undefined)),
  })

const FORMS = {
  tar: { type: 'application/x-tar', write: tarOf },
  json: { type: 'application/json', write: jsonOf },
} as const

const nameFor = (workspaceId: string): string => workspaceId.replaceAll(/[^A-Za-z0-9._-]/g, '_')

/** A version as one file, the same bytes each time. */
export const downloadVersion = async (
  scope: Scope,
  workspaceId: string,
  digits: string,
  format: keyof typeof FORMS,
): Promise<Response> => {
  const { hash } = await requireRow(scope, workspaceId, digits)
  const { type, write } = FORMS[format]
  const name = `${nameFor(workspaceId)}-${shortHash(hash)}.${format}`
  return new Response(streamed(write(versionContents(scope, workspaceId, hash))), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-workspace-version': hash,
    },
  })
}
