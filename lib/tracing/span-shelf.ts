import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Cleaner } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { type Packed, packText, readBodies } from './bodies'
import type { Slot } from './span-record'

// What is shorter is cheaper beside the span than in a body of its own.
const SHORT = 256
const SEEN = {
  max: 10_000,
  maxSize: 16_000_000,
  sizeCalculation: (clean: string, text: string) => clean.length + text.length + 1,
}
const WORTH_KEEPING = 200

const seen = () => kernel().slot('tracing.redacted-spans', () => new LRUCache<string, string>(SEEN))

// What is remembered serves all tenants whose rules are those of the house.
const remembered = (cleaner: Cleaner, key: string, make: () => string): string => {
  if (key.length < WORTH_KEEPING || cleaner.isOwn()) return make()
  const known = seen().get(key)
  if (known !== undefined) return known
  const made = make()
  seen().set(key, made)
  return made
}

const plainNumber = (value: bigint): number | string =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${value}`

const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? plainNumber(value) : value)

export const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    return JSON.stringify(value, replacer) ?? 'null'
  }
}

export const LOOKS_LIKE_JSON = /^\s*[{[]/

const parsed = (text: string): unknown => {
  if (!LOOKS_LIKE_JSON.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type Clean = { text(text: string): string; json(value: unknown): string; value(value: unknown): unknown }

/** Conversations repeat themselves with every call, so what was looked through lately is known. */
export const cleanWith = (cleaner: Cleaner): Clean => ({
  value: (value) => cleaner.value(value),
  json: (value) => {
    const text = jsonOf(value)
    return remembered(cleaner, `j${text}`, () => JSON.stringify(cleaner.value(JSON.parse(text))))
  },
  // Text that is JSON is looked through as what it says: names of fields tell secrets that no pattern knows.
  text: (text) =>
    remembered(cleaner, `t${text}`, () => {
      const value = parsed(text)
      return value === undefined ? cleaner.text(text) : JSON.stringify(cleaner.value(value))
    }),
})

export type Shelf = {
  // The value as JSON, redacted before.
  slot(json: string): Slot
  body(text: string): string
  packed(): readonly Packed[]
}

export const newShelf = (): Shelf => {
  const held = new Map<string, Packed>()
  const body = (text: string): string => {
    const packed = packText(text)
    held.set(packed.hash, packed)
    return packed.hash
  }
  return {
    slot: (json) => (json.length < SHORT ? [JSON.parse(json)] : body(json)),
    body,
    packed: () => [...held.values()],
  }
}

const hashesIn = (slots: readonly (Slot | undefined)[]): string[] =>
  slots.flatMap((slot) => (typeof slot === 'string' ? [slot] : []))

export type Reader = (slot: Slot | undefined) => unknown

// What retention took away reads as null.
export const readSlots = async (scope: Pick<Scope, 'rows'>, slots: readonly (Slot | undefined)[]): Promise<Reader> => {
  const texts = await readBodies(scope, hashesIn(slots))
  return (slot) => {
    if (slot === undefined) return null
    if (typeof slot !== 'string') return slot[0]
    const text = texts.get(slot)
    return text === undefined ? null : JSON.parse(text)
  }
}
