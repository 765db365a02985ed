import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'

type Json = Record<string, unknown>

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

// Canonical name to the other ones that are accepted.
type Also = Readonly<Record<string, readonly string[]>>

const FIELD: Also = { values: ['enum'] }
const PERMISSIONS: Also = { allowedModels: ['models', 'allowed_models'], maxTokens: ['max_tokens'] }
const GATES: Also = { anyBins: ['any_bins'] }
const TEST: Also = { expect: ['expected_output'], expectError: ['expect_error'] }
const REDACTION: Also = { custom_patterns: ['customPatterns'] }
const PATTERN: Also = { pattern: ['regex'] }

const canonicalOf = (key: string, also: Also): string =>
  Object.keys(also).find((canonical) => also[canonical]?.includes(key)) ?? key

const isSame = (a: unknown, b: unknown): boolean => {
  try {
    return stableJson(a) === stableJson(b)
  } catch {
    return false
  }
}

// In the order in which it was written: the checksum is taken over that.
const renamed = (value: unknown, also: Also, where: string): unknown => {
  if (!isMap(value)) return value
  const out = new Map<string, unknown>()
  for (const [key, item] of Object.entries(value)) {
    const name = canonicalOf(key, also)
    if (out.has(name) && !isSame(out.get(name), item))
      throw new Problem('conflicting_fields', undefined, { fields: [`${where}.${name}`, `${where}.${key}`] })
    out.set(name, item)
  }
  return Object.fromEntries(out)
}

const eachIn = (value: unknown, act: (item: unknown, key: string) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((item, at) => act(item, String(at)))
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, act(item, key)]))
  return value
}

const fields = (part: string) => (value: unknown) =>
  eachIn(value, (item, key) => renamed(item, FIELD, `${part}.${key}`))

const redaction = (value: unknown): unknown => {
  const map = renamed(value, REDACTION, 'redaction')
  if (!isMap(map) || !Object.hasOwn(map, 'custom_patterns')) return map
  const own = eachIn(map['custom_patterns'], (item, key) => renamed(item, PATTERN, `redaction.custom_patterns.${key}`))
  return { ...map, custom_patterns: own }
}

// No object: what a manifest calls `constructor` or `toString` is a field that nobody here knows.
const PARTS = new Map<string, (value: unknown) => unknown>([
  ['inputs', fields('inputs')],
  ['outputs', fields('outputs')],
  ['permissions', (value) => renamed(value, PERMISSIONS, 'permissions')],
  ['gates', (value) => renamed(value, GATES, 'gates')],
  ['tests', (value) => eachIn(value, (item, key) => renamed(item, TEST, `tests.${key}`))],
  ['redaction', redaction],
])

/** A manifest in the one spelling that is kept: both spellings of a field give the same hash. */
export const canonicalManifest = (manifest: Json): Json =>
  Object.fromEntries(
    Object.entries(manifest).map(([key, value]) => [key, (PARTS.get(key)?.(value) ?? value) as unknown]),
  )
