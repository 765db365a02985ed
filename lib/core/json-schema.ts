import { createHash } from 'node:crypto'
import { dereference, validate as evaluate, type OutputUnit, type Schema } from '@cfworker/json-schema'
import { LRUCache } from 'lru-cache'
import { readJson } from './json-reader'
import { kernel } from './kernel'
import { burn, OutOfFuel, patternIn, refuel } from './schema-patterns'
import { isObject, type ReadSchema, readSchema, type SchemaFault } from './schema-reader'

export type { SchemaFault } from './schema-reader'

type Json = Record<string, unknown>
type Judge = (value: unknown) => ReturnType<typeof evaluate>
type Compiled = { faults: readonly SchemaFault[]; needs: ReadSchema['needs']; judge: Judge | null }
type Known = { byObject: WeakMap<object, Compiled>; byHash: LRUCache<string, Compiled> }

const MOST_COMPILED = 500
const MOST_STEPS = 60_000
const MOST_FAULTS = 20
const MOST_MESSAGE = 300
const IN_PLACE = ['not', 'if', 'then', 'else'] as const
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const
const IN_PLACE_MAPS = ['dependentSchemas', 'dependencies'] as const
// What only says that something below it is wrong.
const WRAPPERS: ReadonlySet<string> = new Set([
  ...['properties', 'items', 'prefixItems', 'additionalProperties', 'patternProperties', 'additionalItems', '$ref'],
  ...['allOf', 'unevaluatedProperties', 'unevaluatedItems', 'dependentSchemas', 'dependencies', 'propertyNames'],
])

const known = (): Known =>
  kernel().slot<Known>('core.json-schema', () => ({
    byObject: new WeakMap(),
    byHash: new LRUCache({ max: MOST_COMPILED }),
  }))

const draftOf = (raw: unknown): '7' | '2020-12' =>
  isObject(raw) && /draft-0[67]/.test(String(raw['$schema'])) ? '7' : '2020-12'

// The validator asks every schema that it visits for this keyword, so each visit is counted here.
const countVisits = (schema: Json): void => {
  Object.defineProperty(schema, '$recursiveAnchor', { enumerable: false, get: () => burn(1) })
}

const inPlaceOf = (schema: Json, lookup: Readonly<Json>): unknown[] => [
  ...('$ref' in schema ? [lookup[String(schema['__absolute_ref__'])]] : []),
  ...IN_PLACE.map((key) => schema[key]),
  ...IN_PLACE_LISTS.flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : [])),
  ...IN_PLACE_MAPS.flatMap((key) => (isObject(schema[key]) ? Object.values(schema[key]) : [])),
]

// A schema that leads back to itself without stepping into the value would never come to an end.
const goesInCircles = (all: readonly Json[], lookup: Readonly<Json>): boolean => {
  const state = new Map<unknown, 'open' | 'done'>()
  const visit = (schema: unknown): boolean => {
    if (!isObject(schema) || state.get(schema) === 'done') return false
    if (state.get(schema) === 'open') return true
    state.set(schema, 'open')
    const found = inPlaceOf(schema, lookup).some(visit)
    state.set(schema, 'done')
    return found
  }
  return all.some(visit)
}

const linkFaults = (lookup: Readonly<Json>): SchemaFault[] => {
  const all = Object.values(lookup).filter(isObject)
  const lost = all.filter((part) => '$ref' in part && lookup[String(part['__absolute_ref__'])] === undefined)
  if (lost.length > 0) return lost.map((part) => ({ path: '', message: `$ref ${part['$ref']} points at nothing` }))
  if (goesInCircles(all, lookup)) return [{ path: '', message: 'refers to itself without an end' }]
  all.forEach(countVisits)
  return []
}

const build = ({ schema, faults, needs }: ReadSchema, draft: '7' | '2020-12'): Compiled => {
  if (faults.length > 0) return { faults, needs, judge: null }
  try {
    const read = schema as Schema | boolean
    const lookup = dereference(read)
    const links = linkFaults(lookup)
    if (links.length > 0) return { faults: links.slice(0, MOST_FAULTS), needs, judge: null }
    return { faults: [], needs, judge: (value) => evaluate(value, read, draft, lookup, false) }
  } catch {
    return { faults: [{ path: '', message: 'cannot be read as a JSON schema' }], needs, judge: null }
  }
}

const compileAnew = (raw: unknown): Compiled => {
  const read = readSchema(raw)
  const draft = draftOf(raw)
  if (read.faults.length > 0) return build(read, draft)
  const hash = createHash('sha256')
    .update(`${draft}\n${JSON.stringify(read.schema)}`)
    .digest('hex')
  const { byHash } = known()
  const found = byHash.get(hash) ?? build(read, draft)
  byHash.set(hash, found)
  return found
}

const compile = (raw: unknown): Compiled => {
  if (typeof raw !== 'object' || raw === null) return compileAnew(raw)
  const { byObject } = known()
  const found = byObject.get(raw) ?? compileAnew(raw)
  byObject.set(raw, found)
  return found
}

const pathOf = (location: string): string => {
  try {
    return decodeURI(location.slice(1)).replaceAll('%23', '#')
  } catch {
    return location.slice(1)
  }
}

const messageOf = ({ keyword, error }: OutputUnit): string => {
  if (keyword === 'false') return 'is not allowed here'
  if (keyword === 'maxProperties') return 'Instance has too many properties.'
  const pattern = /^String does not match format "(.*)"\.$/s.exec(error)?.[1]
  const source = keyword === 'format' && pattern !== undefined ? patternIn(pattern) : null
  const text = source === null ? error : `String does not match the pattern ${source}`
  return text.length > MOST_MESSAGE ? `${text.slice(0, MOST_MESSAGE)}…` : text
}

const faultsIn = (errors: readonly OutputUnit[]): SchemaFault[] => {
  const leaves = errors.filter(({ keyword }) => !WRAPPERS.has(keyword))
  return (leaves.length > 0 ? leaves : errors)
    .slice(0, MOST_FAULTS)
    .map((unit) => ({ path: pathOf(unit.instanceLocation), message: messageOf(unit) }))
}

const verdict = (judge: Judge, value: unknown): SchemaFault[] => {
  refuel(MOST_STEPS)
  try {
    const { valid, errors } = judge(value)
    return valid ? [] : faultsIn(errors)
  } catch (error) {
    const why =
      error instanceof OutOfFuel || error instanceof RangeError ? 'takes too long to check' : 'cannot be checked'
    return [{ path: '', message: why }]
  }
}

// Why a schema cannot be used; an empty list means that it can. Nothing is fetched, evaluated or compiled to code.
export const checkSchema = (schema: unknown): readonly SchemaFault[] => {
  if (!isObject(schema)) return [{ path: '', message: 'must be a JSON schema object' }]
  return compile(schema).faults
}

// What is wrong with a value, at most twenty faults. Nothing is coerced, and no value is too odd to be judged.
export const validate = (schema: unknown, value: unknown): readonly SchemaFault[] => {
  const { faults, needs, judge } = compile(schema)
  if (!judge)
    return faults.map(({ path, message }) => ({ path: '', message: `The schema is refused: ${path} ${message}` }))
  const read = readJson(value, needs)
  return read.fault ? [read.fault] : verdict(judge, read.value)
}
