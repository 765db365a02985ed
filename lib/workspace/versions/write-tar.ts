import { type Pack, pack } from 'tar-stream'
import { dateOf } from '@/lib/core/clock'

export type TarFile = { path: string; bytes: Uint8Array; isExecutable: boolean }

// The same files are the same archive, whoever makes it and whenever.
const EPOCH = dateOf(0)

const add = (archive: Pack, { path, bytes, isExecutable }: TarFile): Promise<void> =>
  new Promise((resolve, reject) => {
    const header = { name: path, size: bytes.byteLength, mode: isExecutable ? 0o755 : 0o644, mtime: EPOCH }
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    archive.entry(header, view, (error) => (error ? reject(error) : resolve()))
  })

const fill = async (archive: Pack, files: AsyncIterable<TarFile> | Iterable<TarFile>): Promise<void> => {
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

// Its streams give bytes, and say nothing of it in their types.
const asBytes = (chunk: unknown): Uint8Array => chunk as Uint8Array

/** Files as an archive, as the reader takes it. */
export async function* tarOf(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  const archive = pack()
  const filling = fill(archive, files)
  try {
    for await (const chunk of archive) yield asBytes(chunk)
  } finally {
    archive.destroy(null)
    await filling
  }
}
