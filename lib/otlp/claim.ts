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

export const textAt =
  (key: string): Reader<string> =>
  ({ attributes }) => {
    const value = textOf(attributes[key])
    return value === null ? null : { value, by: key }
  }

export const hasPrefix = (attributes: Attributes, prefix: string): boolean =>
  Object.keys(attributes).some((key) => key.startsWith(prefix))

// The rest of each key that begins so: `a.b.c` under `a.` is `b.c`.
export const below = (attributes: Attributes, prefix: string): Attributes => {
  const out = Object.create(null) as Record<string, unknown>
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith(prefix) && key.length > prefix.length) out[key.slice(prefix.length)] = value
  return out
}

const INDEX = /^(\d{1,9})\.(.+)$/

// Lists that were flattened to `prefix.N.rest`, in the order of their numbers; some may be missing.
export const indexed = (attributes: Attributes, prefix: string): Attributes[] => {
  const groups = new Map<number, Record<string, unknown>>()
  for (const [key, value] of Object.entries(below(attributes, `${prefix}.`))) {
    const [, index, rest] = INDEX.exec(key) ?? []
    if (index === undefined || rest === undefined) continue
    const group = groups.get(Number(index)) ?? (Object.create(null) as Record<string, unknown>)
    group[rest] = value
    groups.set(Number(index), group)
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group)
}
