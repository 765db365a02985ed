import type { Attributes } from './any-value'
import type { RawSpan } from './raw-span'

// What a rule reads from a span, and its name: shown beside the value, so that every mapping can be questioned.
export type Claim<T> = { value: T; by: string; flags?: readonly string[] }
export type Reader<T> = (span: RawSpan) => Claim<T> | null

export const firstOf = <T>(span: RawSpan, readers: readonly Reader<T>[]): Claim<T> | null => {
  for (const read of readers) {
    const claim = read(span)
    if (claim !== null) return claim
  }
  return null
}

export const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

// A word of a table; words that every object knows are none.
export const wordIn = <T>(table: Readonly<Record<string, T>>, word: string | null): T | undefined =>
  word !== null && Object.hasOwn(table, word) ? table[word] : undefined

// The first of these keys that says something.
export const firstText = (attributes: Attributes, keys: readonly string[]): Claim<string> | null => {
  for (const key of keys) {
    const said = attributes[key]
    const value = said === undefined ? null : textOf(said)
    if (value !== null) return { value, by: key }
  }
  return null
}

type Keys = { all: readonly string[]; heads: ReadonlySet<string> }

// A span is asked for many words; what its keys begin with is looked at once.
const KEYS = new WeakMap<Attributes, Keys>()

const headOf = (key: string): string => {
  const dot = key.indexOf('.')
  return dot < 0 ? key : key.slice(0, dot)
}

const keysOf = (attributes: Attributes): Keys => {
  const known = KEYS.get(attributes)
  if (known !== undefined) return known
  const all = Object.keys(attributes)
  const keys = { all, heads: new Set(all.map(headOf)) }
  KEYS.set(attributes, keys)
  return keys
}

export const hasPrefix = (attributes: Attributes, prefix: string): boolean => {
  const { all, heads } = keysOf(attributes)
  return heads.has(headOf(prefix)) && all.some((key) => key.startsWith(prefix))
}

const NOTHING: Attributes = Object.freeze(Object.create(null) as Record<string, unknown>)

// The rest of each key that begins so: `a.b.c` under `a.` is `b.c`.
export const below = (attributes: Attributes, prefix: string): Attributes => {
  if (!hasPrefix(attributes, prefix)) return NOTHING
  const out = Object.create(null) as Record<string, unknown>
  for (const key of keysOf(attributes).all)
    if (key.startsWith(prefix) && key.length > prefix.length) out[key.slice(prefix.length)] = attributes[key]
  return out
}

const INDEX = /^(\d{1,9})\.(.+)$/

// Lists that were flattened to `prefix.N.rest`, in the order of their numbers; some may be missing.
export const indexed = (attributes: Attributes, prefix: string): Attributes[] => {
  const groups = new Map<number, Record<string, unknown>>()
  if (!hasPrefix(attributes, `${prefix}.`)) return []
  for (const [key, value] of Object.entries(below(attributes, `${prefix}.`))) {
    const [, index, rest] = INDEX.exec(key) ?? []
    if (index === undefined || rest === undefined) continue
    const group = groups.get(Number(index)) ?? (Object.create(null) as Record<string, unknown>)
    group[rest] = value
    groups.set(Number(index), group)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}
