import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { findBodies, insertBodies } from './sql-bodies'

// A long text is stored once per tenant, packed, under the hash of its plain form.
export type Packed = { hash: string; size: number; codec: 'raw' | 'deflate'; hex: string }

const WORTH_PACKING = 256
const PACKED = { max: 2_000, maxSize: 8_000_000, sizeCalculation: (packed: Packed) => packed.hex.length + 64 }

export const hashOfText = (text: string): string => createHash('sha256').update(text).digest('hex')

const pack = (hash: string, text: string): Packed => {
  const plain = Buffer.from(text)
  const small = plain.length < WORTH_PACKING ? plain : deflateRawSync(plain, { level: 3 })
  const isSmaller = small.length < plain.length
  const hex = (isSmaller ? small : plain).toString('hex')
  return { hash, size: plain.length, codec: isSmaller ? 'deflate' : 'raw', hex }
}

export const packText = (text: string): Packed => {
  const known = kernel().slot('tracing.packed', () => new LRUCache<string, Packed>(PACKED))
  const hash = hashOfText(text)
  const found = known.get(hash)
  if (found) return found
  const made = pack(hash, text)
  known.set(hash, made)
  return made
}

export const bodyWrites = (scope: Scope, packed: readonly Packed[]): CommandWrite[] => {
  const at = storedTime(scope.clock.now())
  return packed.length === 0 ? [] : [{ statement: insertBodies, rows: packed.map((body) => ({ ...body, at })) }]
}

const unpack = (codec: string, hex: string): string => {
  const bytes = Buffer.from(hex, 'hex')
  return (codec === 'deflate' ? inflateRawSync(bytes) : bytes).toString('utf8')
}

export const readBodies = async (
  scope: Pick<Scope, 'rows'>,
  hashes: Iterable<string>,
): Promise<ReadonlyMap<string, string>> => {
  const wanted = [...new Set(hashes)]
  if (wanted.length === 0) return new Map()
  const rows = await scope.rows(findBodies, { hashes: JSON.stringify(wanted) })
  return new Map(rows.map((row) => [String(row['hash']), unpack(String(row['codec']), String(row['hex']))]))
}
