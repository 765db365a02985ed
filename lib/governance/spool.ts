import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { TAR_END, tarHeader, tarPadding } from './tar'

export type Spooled = { name: string; size: number; sha256: string }

export type Spool = {
  files: readonly Spooled[]
  write(name: string, chunks: AsyncIterable<string> | Iterable<string>): Promise<void>
  stream(seconds: number): ReadableStream<Uint8Array>
  discard(): void
}

// A tar header names the size first, and a log may be larger than memory: files wait on disk until all are known.
export const openSpool = (): Spool => {
  const folder = mkdtempSync(join(tmpdir(), 'clasper-export-'))
  const files: Spooled[] = []
  const discard = () => rmSync(folder, { recursive: true, force: true })

  const write: Spool['write'] = async (name, chunks) => {
    const hash = createHash('sha256')
    const file = await open(join(folder, name), 'wx', 0o600)
    let size = 0
    try {
      for await (const chunk of chunks) {
        hash.update(chunk)
        size += Buffer.byteLength(chunk)
        await file.appendFile(chunk)
      }
    } finally {
      await file.close()
    }
    files.push({ name, size, sha256: hash.digest('hex') })
  }

  async function* tar(seconds: number): AsyncGenerator<Buffer> {
    for (const { name, size } of files) {
      yield tarHeader(name, size, seconds)
      for await (const chunk of createReadStream(join(folder, name))) yield chunk as Buffer
      yield tarPadding(size)
    }
    yield TAR_END
  }

  const stream = (seconds: number): ReadableStream<Uint8Array> => {
    const source = Readable.from(tar(seconds))
    const gzip = createGzip({ level: 6 })
    source.on('error', (error) => gzip.destroy(error))
    gzip.on('close', () => {
      source.destroy()
      discard()
    })
    return Readable.toWeb(source.pipe(gzip)) as ReadableStream<Uint8Array>
  }

  return { files, write, stream, discard }
}
