import type { AnyValue, KeyValue } from './messages'
import { wholeOf } from './wide'

export type Attributes = Readonly<Record<string, unknown>>

const MAX_DEPTH = 64
const UNSTORABLE = /[\0\ud800-\udfff]/
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g

export class TooDeep extends Error {}

// What no database holds is replaced here, once, so that nothing below has to think of it.
export const storable = (text: string): string => (UNSTORABLE.test(text) ? text.replace(LONE, '\ufffd') : text)

export const emptyRecord = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>

const numberOf = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

export const plainOf = (value: AnyValue | null | undefined, depth = 0): unknown => {
  if (value === null || value === undefined) return null
  if (depth > MAX_DEPTH) throw new TooDeep()
  if (typeof value.stringValue === 'string') return storable(value.stringValue)
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (value.intValue !== null && value.intValue !== undefined) return wholeOf(value.intValue)
  if (typeof value.doubleValue === 'number') return numberOf(value.doubleValue)
  if (value.arrayValue) return (value.arrayValue.values ?? []).map((item) => plainOf(item, depth + 1))
  if (value.kvlistValue) return recordOf(value.kvlistValue.values, depth + 1)
  return value.bytesValue ? base64(value.bytesValue) : null
}

// The first of two values of one key counts, as the protocol leaves it open.
export const recordOf = (pairs: readonly KeyValue[] | null | undefined, depth = 0): Record<string, unknown> => {
  const out = emptyRecord()
  for (const { key, value } of pairs ?? []) {
    const name = storable(key ?? '')
    if (name !== '' && !(name in out)) out[name] = plainOf(value, depth)
  }
  return out
}

const WIDTH = 8

// About what it takes, in characters: enough to tell a large span from a small one.
export const weightOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return WIDTH
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weightOf(item), WIDTH)
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + weightOf(item), WIDTH)
}
