import { isKnownFormat, namePatternFault, type PatternBudget, patternBudget, patternFault } from './schema-patterns'

export type SchemaFault = { path: string; message: string }

type Json = Record<string, unknown>
type Needs = { names: boolean; tracks: boolean }
type State = { faults: SchemaFault[]; nodes: number; needs: Needs; patterns: PatternBudget }
type Reader = (value: unknown, at: string, depth: number, state: State) => unknown

const MOST_NODES = 5_000
const MOST_DEPTH = 40
const MOST_FAULTS = 20
const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
const UNSUPPORTED: ReadonlySet<string> = new Set([
  ...['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'],
])

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const complain = (state: State, path: string, message: string): undefined => {
  if (state.faults.length < MOST_FAULTS) state.faults.push({ path, message })
  return undefined
}

const under = (at: string, key: string | number): string =>
  `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

const isTooMuch = (state: State, at: string, depth: number): boolean => {
  state.nodes += 1
  if (state.nodes === MOST_NODES + 1) complain(state, '', `has more than ${MOST_NODES} parts`)
  if (state.nodes <= MOST_NODES && depth > MOST_DEPTH) complain(state, at, `is nested deeper than ${MOST_DEPTH} levels`)
  return state.nodes > MOST_NODES || depth > MOST_DEPTH
}

const plain: Reader = (value, at, depth, state) => {
  if (isTooMuch(state, at, depth)) return undefined
  if (Array.isArray(value)) return value.map((item, i) => plain(item, under(at, i), depth + 1, state))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, at, depth + 1, state)]))
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  return Number.isFinite(value) ? value : complain(state, at, 'must be JSON')
}

const list =
  (each: Reader, least = 0): Reader =>
  (value, at, depth, state) => {
    if (!Array.isArray(value) || value.length < least) return complain(state, at, 'must be a list')
    if (isTooMuch(state, at, depth)) return undefined
    const out: unknown[] = []
    for (const [i, item] of value.entries()) {
      if (state.nodes > MOST_NODES) break
      out.push(each(item, under(at, i), depth + 1, state))
    }
    return out
  }

const map =
  (each: Reader): Reader =>
  (value, at, depth, state) => {
    if (!isObject(value)) return complain(state, at, 'must be an object')
    if (isTooMuch(state, at, depth)) return undefined
    const out: Json = {}
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') complain(state, at, 'has a forbidden key')
      else out[key] = each(item, under(at, key), depth + 1, state)
    }
    return out
  }

const only =
  (fits: (value: unknown) => boolean, wanted: string): Reader =>
  (value, at, _, state) =>
    fits(value) ? value : complain(state, at, `must be ${wanted}`)

// An entry of a list is a part of its own, however small.
const entry =
  (each: Reader): Reader =>
  (value, at, depth, state) =>
    isTooMuch(state, at, depth) ? undefined : each(value, at, depth, state)

const text = only((value) => typeof value === 'string', 'text')
const number = only((value) => Number.isFinite(value), 'a number')
const count = only((value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a whole number, 0 or more')
const flag = only((value) => typeof value === 'boolean', 'true or false')
const typeName = only((value) => TYPES.has(value), `one of ${[...TYPES].join(', ')}`)

const schema: Reader = (value, at, depth, state) => {
  if (typeof value === 'boolean') return value
  if (!isObject(value)) return complain(state, at, 'must be a schema: an object, true or false')
  if (isTooMuch(state, at, depth)) return undefined
  return readKeywords(value, at, depth, state)
}

const either =
  (first: Reader): Reader =>
  (value, ...rest) =>
    Array.isArray(value) ? list(first)(value, ...rest) : first(value, ...rest)

const localRef: Reader = (value, at, _, state) =>
  typeof value === 'string' && value.startsWith('#')
    ? value
    : complain(state, at, 'must point into this schema: it begins with #')

// Nothing is compiled for a schema that is refused already.
const usable = (source: string, at: string, state: State, faultOf: typeof patternFault): boolean => {
  if (state.faults.length > 0) return false
  const fault = faultOf(source, state.patterns)
  if (fault !== null) complain(state, at, `the pattern ${fault}`)
  return fault === null
}

const named: Reader = (value, at, depth, state) => {
  state.needs.names = true
  for (const name of Object.keys(isObject(value) ? value : {}))
    if (!usable(name, under(at, name), state, namePatternFault)) return undefined
  return map(schema)(value, at, depth, state)
}

const pattern: Reader = (value, at, _, state) => {
  if (typeof value !== 'string') return complain(state, at, 'must be text')
  return usable(value, at, state, patternFault) ? value : undefined
}

const format: Reader = (value, at, _, state) => {
  if (typeof value !== 'string') return complain(state, at, 'must be text')
  return isKnownFormat(value) ? value : 'unknown'
}

const tracked: Reader = (value, at, depth, state) => {
  state.needs.tracks = true
  return schema(value, at, depth, state)
}

const dependency: Reader = (value, ...rest) =>
  Array.isArray(value) ? list(entry(text))(value, ...rest) : schema(value, ...rest)

const KEYWORDS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(
    ['additionalProperties', 'additionalItems', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'].map(
      (name) => [name, schema],
    ),
  ),
  ...Object.fromEntries(['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name) => [name, list(schema, 1)])),
  ...Object.fromEntries(['properties', 'dependentSchemas', '$defs', 'definitions'].map((name) => [name, map(schema)])),
  ...Object.fromEntries(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name) => [name, number])),
  ...Object.fromEntries(
    [
      'minLength',
      'maxLength',
      'minItems',
      'maxItems',
      'minProperties',
      'maxProperties',
      'minContains',
      'maxContains',
    ].map((name) => [name, count]),
  ),
  multipleOf: only((value) => Number.isFinite(value) && Number(value) > 0, 'a number above 0'),
  unevaluatedProperties: tracked,
  unevaluatedItems: tracked,
  items: either(schema),
  patternProperties: named,
  dependencies: map(dependency),
  uniqueItems: flag,
  type: either(entry(typeName)),
  required: list(entry(text)),
  dependentRequired: map(list(entry(text))),
  enum: list(plain, 1),
  const: plain,
  $ref: localRef,
  $anchor: text,
  pattern,
  format,
}

const refuseOrSkip = (key: string, at: string, state: State): void => {
  if (key === '__proto__') complain(state, at, 'has a forbidden key')
  if (UNSUPPORTED.has(key)) complain(state, at, `${key} is not supported`)
}

// What the validator does not judge is left out, so it can neither mislead nor weigh anything.
const readKeywords = (source: Json, at: string, depth: number, state: State): Json => {
  const out: Json = {}
  for (const [key, value] of Object.entries(source)) {
    const reader = Object.hasOwn(KEYWORDS, key) ? KEYWORDS[key] : undefined
    if (reader) out[key] = reader(value, under(at, key), depth + 1, state)
    else refuseOrSkip(key, at, state)
  }
  return out
}

export type ReadSchema = { schema: Json | boolean; faults: readonly SchemaFault[]; needs: State['needs'] }

// A copy of what is understood, and every reason why it is refused.
export const readSchema = (raw: unknown): ReadSchema => {
  const state: State = {
    faults: [],
    nodes: 0,
    needs: { names: false, tracks: false },
    patterns: patternBudget(),
  }
  const read = schema(raw, '', 0, state)
  return {
    schema: isObject(read) || typeof read === 'boolean' ? read : false,
    faults: state.faults,
    needs: state.needs,
  }
}
