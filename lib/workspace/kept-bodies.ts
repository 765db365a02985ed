import { createHash } from 'node:crypto'
import type { Scope } from '@/lib/core/scope'
import { bodyWrites, packText } from '@/lib/tracing'
import { isPlainText } from './file-kind'

type Packed = ReturnType<typeof packText>

// How one file is kept: its bytes as text where they are text, else in base64.
export type KeptBody = {
  path: string
  contentHash: string
  size: number
  encoding: 'utf8' | 'base64'
  isExecutable: boolean
  body: Packed
}

const LARGE = 1_000_000

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

type About = { path: string; isExecutable: boolean }

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A text whose UTF-8 bytes are those of the file. */
export const keptText = (about: About, text: string): KeptBody => {
  const body = packText(text)
  return { ...about, contentHash: body.hash, size: body.size, encoding: 'utf8', body }
}

export const keptBytes = (about: About, bytes: Uint8Array): KeptBody => {
  if (isPlainText(bytes)) return keptText(about, viewOf(bytes).toString('utf8'))
  const body = packText(viewOf(bytes).toString('base64'))
  return { ...about, contentHash: hashOfBytes(bytes), size: bytes.byteLength, encoding: 'base64', body }
}

/** What was kept, byte by byte. */
export const bytesOfBody = (encoding: string, body: string): Buffer =>
  Buffer.from(body, encoding === 'base64' ? 'base64' : 'utf8')

export const eachOnce = (bodies: readonly Packed[]): Packed[] => [
  ...new Map(bodies.map((body) => [body.hash, body])).values(),
]

export const isTooMuch = (bodies: readonly Packed[]): boolean =>
  bodies.reduce((sum, { hex }) => sum + hex.length, 0) > LARGE

/** What is too much for one commit goes ahead of it, piece by piece. */
export const writeAhead = async (scope: Scope, bodies: readonly Packed[]): Promise<void> => {
  for (let from = 0; from < bodies.length; ) {
    const piece: Packed[] = []
    for (let size = 0; from < bodies.length && size < LARGE; from++) {
      const body = bodies[from]
      if (body) piece.push(body)
      size += body?.hex.length ?? 0
    }
    await scope.command({ audit: [], writes: bodyWrites(scope, piece) })
  }
}
