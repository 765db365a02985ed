import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'
import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'

const CHUNK = 65_536

const tooLarge = (limit: number, what: string): Problem =>
  new Problem('payload_too_large', `The body is larger than ${limit} bytes${what}; send smaller batches.`)

const BUSY = { headers: { 'retry-after': '1' } }

// Many large bodies at once would fill the memory, whatever each of them is allowed.
type Held = { bytes: number }
const MOST_BODIES = 4
const held = (): Held => kernel().slot<Held>('otlp.held', () => ({ bytes: 0 }))

const hold = (bytes: number): void => {
  const state = held()
  if (state.bytes > 0 && state.bytes + bytes > MOST_BODIES * kernel().env.OTLP_MAX_DECODED_BYTES)
    throw new Problem('unavailable', 'Too many bodies are being read; try again.', undefined, BUSY)
  state.bytes += bytes
}

async function* sentChunks(body: NonNullable<Request['body']>, limit: number) {
  let size = 0
  for await (const chunk of Readable.fromWeb(body as NodeReadableStream)) {
    size += (chunk as Uint8Array).byteLength
    if (size > limit) throw tooLarge(limit, ' as sent')
    yield chunk as Uint8Array
  }
}

const isGzipFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:Z_|ERR_ZLIB)/.test(String(error.code))

const unzipped = (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  const source = Readable.from(chunks, { objectMode: false })
  const gunzip = createGunzip({ chunkSize: CHUNK })
  source.on('error', (error) => gunzip.destroy(error))
  gunzip.on('close', () => source.destroy())
  return source.pipe(gunzip)
}

const isGzip = (request: Request): boolean => {
  const coding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return false
  if (coding === 'gzip') return true
  throw new Problem('unsupported_media_type', `Content-Encoding ${coding.slice(0, 40)} is not supported: gzip or none.`)
}

const gathered = async (chunks: AsyncIterable<Uint8Array>, limit: number, kept: Uint8Array[]): Promise<Uint8Array> => {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit, ' after decompression')
    hold(chunk.byteLength)
    kept.push(chunk)
  }
  return kept.length === 1 ? (kept[0] ?? new Uint8Array()) : Buffer.concat(kept, size)
}

// The bytes of a request as they are meant; reading stops where one of both limits is reached.
export const readBody = async <T>(request: Request, use: (bytes: Uint8Array) => T): Promise<Awaited<T>> => {
  const { OTLP_MAX_BODY_BYTES: sent, OTLP_MAX_DECODED_BYTES: decoded } = kernel().env
  const gzip = isGzip(request)
  if (Number(request.headers.get('content-length') ?? 0) > sent) throw tooLarge(sent, ' as sent')
  if (!request.body) return await use(new Uint8Array())
  const chunks = sentChunks(request.body, sent)
  const kept: Uint8Array[] = []
  try {
    const bytes = await gathered(gzip ? unzipped(chunks) : chunks, decoded, kept)
    return await use(bytes)
  } catch (error) {
    if (isGzipFault(error)) throw new Problem('invalid_request', 'The gzip body is broken or cut off.')
    throw error
  } finally {
    held().bytes -= kept.reduce((sum, chunk) => sum + chunk.byteLength, 0)
  }
}
