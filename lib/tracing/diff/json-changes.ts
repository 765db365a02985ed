import { stableJson } from '@/lib/shared/stable-json'
import type { Change } from '../contract'
import { longestCommon, type Pair } from './lcs'
import { newNumbering } from './numbering'

const MOST_CHANGES = 100
const MOST_DEPTH = 40
const MOST_ITEMS = 2_000
const LONG = 2_000
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/

type Notes = { changes: Change[]; isCut: boolean; most: number }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Long values are told by how they begin.
const shown = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > LONG ? `${value.slice(0, LONG)}…` : value
  if (value === null || typeof value !== 'object') return value ?? null
  const text = stableJson(value)
  return text.length > LONG ? `${text.slice(0, LONG)}…` : value
}

export const pathTo = (path: string, key: string | number): string =>
  typeof key === 'number'
    ? `${path}[${key}]`
    : PLAIN.test(key)
      ? `${path}.${key}`
      : `${path}[${JSON.stringify(key.length > 200 ? `${key.slice(0, 200)}…` : key)}]`

const note = (notes: Notes, change: Change): void => {
  if (notes.changes.length < notes.most) notes.changes.push(change)
  else notes.isCut = true
}

const noteAdded = (notes: Notes, path: string, compare: unknown): void =>
  note(notes, { path, op: 'added', compare: shown(compare) })
const noteRemoved = (notes: Notes, path: string, base: unknown): void =>
  note(notes, { path, op: 'removed', base: shown(base) })

const objects = (
  notes: Notes,
  path: string,
  base: Record<string, unknown>,
  compare: Record<string, unknown>,
  depth: number,
) => {
  for (const key of [...new Set([...Object.keys(base), ...Object.keys(compare)])].sort()) {
    const at = pathTo(path, key)
    if (!Object.hasOwn(base, key)) noteAdded(notes, at, compare[key])
    else if (!Object.hasOwn(compare, key)) noteRemoved(notes, at, base[key])
    else compareAt(notes, at, base[key], compare[key], depth + 1)
  }
}

type Ends = { base: readonly unknown[]; compare: readonly unknown[]; from: readonly [number, number] }

const between = (notes: Notes, path: string, { base, compare, from }: Ends, depth: number): void => {
  const both = Math.min(base.length, compare.length)
  for (let at = 0; at < both; at++) compareAt(notes, pathTo(path, from[0] + at), base[at], compare[at], depth + 1)
  for (let at = both; at < base.length; at++) noteRemoved(notes, pathTo(path, from[0] + at), base[at])
  for (let at = both; at < compare.length; at++) noteAdded(notes, pathTo(path, from[1] + at), compare[at])
}

// The same whichever of the two is called the base.
const keptOf = (base: readonly unknown[], compare: readonly unknown[]): readonly Pair[] => {
  const number = newNumbering()
  const [a, b] = [base, compare].map((list) => list.map((item) => stableJson(item ?? null)))
  const [left, right] = [(a ?? []).map(number), (b ?? []).map(number)]
  const isTurned = JSON.stringify(a) > JSON.stringify(b)
  return isTurned ? longestCommon(right, left).map(([j, i]): Pair => [i, j]) : longestCommon(left, right)
}

// An item that was put in or taken out shifts the others, which stay the same.
const arrays = (
  notes: Notes,
  path: string,
  base: readonly unknown[],
  compare: readonly unknown[],
  depth: number,
): void => {
  const isLong = base.length > MOST_ITEMS || compare.length > MOST_ITEMS
  const kept = isLong ? [] : keptOf(base, compare)
  const ends = [...kept, [base.length, compare.length] as const]
  let from: readonly [number, number] = [0, 0]
  for (const [i, j] of ends) {
    between(notes, path, { base: base.slice(from[0], i), compare: compare.slice(from[1], j), from }, depth)
    from = [i + 1, j + 1]
  }
}

const compareAt = (notes: Notes, path: string, base: unknown, compare: unknown, depth: number): void => {
  if (notes.isCut) return
  const isDeep = depth >= MOST_DEPTH
  if (!isDeep && isObject(base) && isObject(compare)) objects(notes, path, base, compare, depth)
  else if (!isDeep && Array.isArray(base) && Array.isArray(compare)) arrays(notes, path, base, compare, depth)
  else if (stableJson(base ?? null) !== stableJson(compare ?? null))
    note(notes, { path, op: 'changed', base: shown(base), compare: shown(compare) })
}

// What differs between two values, each difference by its JSON path. Array indexes are those of the base, of an
// added item those of the other.
export const jsonChanges = (
  base: unknown,
  compare: unknown,
  path = '$',
  most = MOST_CHANGES,
): { changes: Change[]; isCut: boolean } => {
  const notes: Notes = { changes: [], isCut: false, most }
  if (base === undefined && compare === undefined) return notes
  if (base === undefined) noteAdded(notes, path, compare)
  else if (compare === undefined) noteRemoved(notes, path, base)
  else compareAt(notes, path, base, compare, 0)
  return notes
}
