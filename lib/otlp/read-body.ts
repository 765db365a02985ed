import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'

const CHUNK = 65_536

const tooLarge = (limit: number, what: string): Problem =>
  new Problem('payload_too_large', `The body is larger than ${limit} bytes${what}; send smaller batches.`)

const BUSY = { headers: { 'retry-after': '1' } }

// Many large bodies at once would fill the memory, whatever each of them is allowed. A body counts until its answer.
type Held = { bytes: number }
const MOST_BODIES = 4
const allHeld = (): Held => kernel().slot<Held>('otlp.held', () => ({ bytes: 0 }))

const hold = (own: Held, bytes: number): void => {
  const all = allHeld()
  if (all.bytes > own.bytes && all.bytes + bytes > MOST_BODIES * kernel().env.OTLP_MAX_DECODED_BYTES)
    throw new Problem('unavailable', 'Too many bodies are being read; try again.', undefined, BUSY)
  all.bytes += bytes
  own.bytes += bytes
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function* sentChunks(reader: Reader, limit: number) {
  for (let size = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    size += value.byteLength
    if (size > limit) throw tooLarge(limit, ' as sent')
    yield value
  }
}

const MOST_THROWN_AWAY = 67_108_864

// A client hears the answer only after it has sent its body, so what is refused is still read for a while, and forgotten.
const letFinish = async (reader: Reader): Promise<void> => {
  for (let size = 0; size < MOST_THROWN_AWAY; ) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
    if (done) return
    size += value?.byteLength ?? 0
  }
  await reader.cancel().catch(() => undefined)
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

const gathered = async (chunks: AsyncIterable<Uint8Array>, limit: number, own: Held): Promise<Uint8Array> => {
  const kept: Uint8Array[] = []
  for await (const chunk of chunks) {
    if (own.bytes + chunk.byteLength > limit) throw tooLarge(limit, ' after decompression')
    hold(own, chunk.byteLength)
    kept.push(chunk)
  }
  return kept.length === 1 ? (kept[0] ?? new Uint8Array()) : Buffer.concat(kept, own.bytes)
}

const bytesOf = async (request: Request, reader: Reader, own: Held): Promise<Uint8Array> => {
  const { OTLP_MAX_BODY_BYTES: sent, OTLP_MAX_DECODED_BYTES: decoded } = kernel().env
  const gzip = isGzip(request)
  if (Number(request.headers.get('content-length') ?? 0) > sent) throw tooLarge(sent, ' as sent')
  const chunks = sentChunks(reader, sent)
  try {
    return await gathered(gzip ? unzipped(chunks) : chunks, decoded, own)
  } catch (error) {
    if (isGzipFault(error)) throw new Problem('invalid_request', 'The gzip body is broken or cut off.')
    throw error
  }
}

// The bytes of a request as they are meant; reading stops where one of both limits is reached.
export const readBody = async <T>(request: Request, use: (bytes: Uint8Array) => T): Promise<Awaited<T>> => {
  if (!request.body) return await use(new Uint8Array())
  const reader = request.body.getReader() as Reader
  const own: Held = { bytes: 0 }
  try {
    return await use(await bytesOf(request, reader, own))
  } catch (error) {
    await letFinish(reader)
    throw error
  } finally {
    allHeld().bytes -= own.bytes
  }
}
