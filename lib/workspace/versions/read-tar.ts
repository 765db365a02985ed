import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Extract, extract } from 'tar-stream'
import { isProblem, Problem } from '@/lib/shared/problem'
import { MOST_BYTES, MOST_FILES, MOST_TOTAL_BYTES } from '../file-kind'
import { isLeftOut, type NewFile, pathFault, refuseFiles, refuseWhole, tooLarge, tooManyFiles } from './check-files'

// An archive may be larger than what it holds: headers, and what is left out of a workspace.
const MOST_SENT = 80 * 1_048_576
const MOST_UNPACKED = 128 * 1_048_576
const MOST_ENTRIES = 50_000
const MOST_FAULTS = 1_000
const OWNER_RUNS = 0o100

type Chunks = AsyncIterable<Uint8Array>

async function* bounded(chunks: Chunks, most: number, refuse: () => never): Chunks {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > most) refuse()
    yield chunk
  }
}

const sentTooMuch = (): never => {
  throw new Problem('payload_too_large', undefined, { limit_bytes: MOST_SENT })
}

const bomb = (): never => refuseWhole('The archive unpacks to more than 128 MiB')

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

// By its first bytes, whatever it is called.
async function* unpacked(chunks: Chunks): Chunks {
  const reader = chunks[Symbol.asyncIterator]()
  const first = await reader.next()
  if (first.done) return
  async function* all(): Chunks {
    yield first.value
    for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value
  }
  if (!isGzip(first.value)) return yield* all()
  const packed = Readable.from(all(), { objectMode: false })
  const plain = createGunzip()
  packed.on('error', (error) => plain.destroy(error))
  packed.pipe(plain)
  try {
    yield* plain as Chunks
  } finally {
    packed.destroy()
    plain.destroy()
  }
}

const roomIn = (archive: Extract): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      archive.off('drain', done)
      archive.off('close', done)
      resolve()
    }
    archive.on('drain', done)
    archive.on('close', done)
  })

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

const feed = async (archive: Extract, chunks: Chunks): Promise<void> => {
  try {
    for await (const chunk of chunks) {
      if (archive.destroyed) return
      if (!archive.write(chunk) && !archive.destroyed) await roomIn(archive)
    }
    archive.end(null)
  } catch (error) {
    archive.destroy(asError(error))
  }
}

type Entry = Extract extends AsyncIterable<infer One> ? One : never

// Its streams give bytes, and say nothing of it in their types.
const asBytes = (chunk: unknown): Uint8Array => chunk as Uint8Array

const bytesOf = async (entry: Entry): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of entry) chunks.push(asBytes(chunk))
  return Buffer.concat(chunks)
}

const drain = async (entry: Entry): Promise<void> => {
  for await (const _ of entry);
}

const FILES: ReadonlySet<unknown> = new Set(['file', 'contiguous-file'])

const KINDS: Readonly<Record<string, string>> = {
  symlink: 'is a symbolic link',
  link: 'is a hard link',
  'character-device': 'is a device',
  'block-device': 'is a device',
  fifo: 'is a pipe',
}

// `./a` and `a/` are how archivers write what is plainly called `a`.
const plainName = (name: string): string => name.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')

type Found = {
  files: NewFile[]
  faults: { path: string; reason: string }[]
  entries: number
  kept: number
  bytes: number
}

const faultOf = (path: string, { type, size }: Entry['header']): string | null => {
  const fault = pathFault(path)
  if (fault !== null || type === 'directory' || isLeftOut(path)) return fault
  if (!FILES.has(type)) return KINDS[String(type)] ?? 'is no file'
  return size > MOST_BYTES ? 'is larger than 1 MiB' : null
}

const take = async (entry: Entry, found: Found): Promise<void> => {
  const { header } = entry
  if (++found.entries > MOST_ENTRIES) tooManyFiles()
  const path = plainName(header.name)
  const isRoot = header.type === 'directory' && (path === '' || path === '.')
  const reason = isRoot ? null : faultOf(path, header)
  if (reason !== null && found.faults.length < MOST_FAULTS) found.faults.push({ path, reason })
  if (isRoot || reason !== null || header.type === 'directory') return drain(entry)
  if (isLeftOut(path)) {
    await drain(entry)
    found.files.push({ path, bytes: new Uint8Array() })
    return
  }
  found.bytes += header.size
  if (found.bytes > MOST_TOTAL_BYTES) tooLarge()
  if (++found.kept > MOST_FILES) tooManyFiles()
  const bytes = await bytesOf(entry)
  found.files.push({ path, bytes, isExecutable: (header.mode & OWNER_RUNS) !== 0 })
}

const unreadable = (error: unknown): never => {
  if (isProblem(error)) throw error
  return refuseWhole(`The archive cannot be read: ${asError(error).message.slice(0, 200)}`)
}

/** The files of a tar, packed with gzip or not, read as it comes; nothing of it is ever written to a disk. */
export const readTar = async (body: Chunks): Promise<NewFile[]> => {
  const found: Found = { files: [], faults: [], entries: 0, kept: 0, bytes: 0 }
  const archive = extract()
  const feeding = feed(archive, bounded(unpacked(bounded(body, MOST_SENT, sentTooMuch)), MOST_UNPACKED, bomb))
  try {
    for await (const entry of archive) await take(entry, found)
  } catch (error) {
    archive.destroy(null)
    unreadable(error)
  } finally {
    await feeding
  }
  return found.faults.length > 0 ? refuseFiles(found.faults) : found.files
}
