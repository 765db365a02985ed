import type { Scope } from '@/lib/core/scope'
import { requireRow, shortHash } from './require-version'
import { type VersionFile, versionContents } from './version-files'
import { tarOf } from './write-tar'

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
