import { asRecord } from './json-text'
import type { FaultReason } from './raw-span'

type Json = Readonly<Record<string, unknown>>

const HEX = /^[0-9a-fA-F]*$/

// Ids are hexadecimal in JSON, where protobuf would write base64. What is neither becomes an id of no length.
const bytesOf = (hex: unknown): Uint8Array =>
  typeof hex === 'string' && hex.length % 2 === 0 && HEX.test(hex) ? Buffer.from(hex, 'hex') : new Uint8Array()

const withIds = (plain: Json, names: readonly string[]): Json => {
  const out: Record<string, unknown> = { ...plain }
  for (const name of names) if (name in out) out[name] = bytesOf(out[name])
  return out
}

const SPAN_IDS = ['traceId', 'spanId', 'parentSpanId']
const LINK_IDS = ['traceId', 'spanId']

const linksOf = (links: unknown): unknown => {
  if (!Array.isArray(links)) return undefined
  return links.flatMap((link: unknown) => {
    const plain = asRecord(link)
    return plain === null ? [] : [withIds(plain, LINK_IDS)]
  })
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const isPairs = (value: unknown): boolean =>
  isAbsent(value) || (Array.isArray(value) && value.every((pair) => typeof asRecord(pair)?.['key'] === 'string'))

type Codec<T> = { fromObject(plain: object): T }

// One item of a request by itself, so that a neighbour with the wrong form costs nobody else.
export const itemFrom = <T>(codec: Codec<T>, item: unknown): T | FaultReason => {
  const plain = asRecord(item)
  if (plain === null) return 'malformed'
  if (!isPairs(plain['attributes'])) return 'attributes_shape'
  const { links, ...rest } = withIds(plain, SPAN_IDS)
  try {
    return codec.fromObject(isAbsent(links) ? rest : { ...rest, links: linksOf(links) })
  } catch (error) {
    return error instanceof RangeError ? 'too_deep' : 'malformed'
  }
}

export const aroundFrom = <T>(codec: Codec<T>, plain: unknown): T | null => {
  const record = asRecord(plain)
  if (record === null || !isPairs(record['attributes'])) return null
  try {
    return codec.fromObject(record)
  } catch {
    return null
  }
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
