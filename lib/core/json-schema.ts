import { createHash } from 'node:crypto'
import { dereference, type Schema } from '@cfworker/json-schema'
import { LRUCache } from 'lru-cache'
import { readJson } from './json-reader'
import { judge } from './json-schema-judge'
import { OutOfFuel, type Run } from './json-schema-run'
import { kernel } from './kernel'
import { isObject, type ReadSchema, readSchema, type SchemaFault } from './schema-reader'

export type { SchemaFault } from './schema-reader'

type Json = Record<string, unknown>
type Judge = (value: unknown, fuel: Run['fuel']) => readonly SchemaFault[]
type Compiled = { faults: readonly SchemaFault[]; needs: ReadSchema['needs']; judge: Judge | null }
type Known = { byObject: WeakMap<object, Compiled>; byHash: LRUCache<string, Compiled> }

const MOST_COMPILED = 500
export const MOST_STEPS = 200_000
const MOST_FAULTS = 20
const IN_PLACE = ['not', 'if', 'then', 'else'] as const
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const
const IN_PLACE_MAPS = ['dependentSchemas', 'dependencies'] as const

const known = (): Known =>
  kernel().slot<Known>('core.json-schema', () => ({
    byObject: new WeakMap(),
    byHash: new LRUCache({ max: MOST_COMPILED }),
  }))

const draftOf = (raw: unknown): '7' | '2020-12' =>
  isObject(raw) && /draft-0[67]/.test(String(raw['$schema'])) ? '7' : '2020-12'

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
  return []
}

const judgeBy = (schema: unknown, lookup: Readonly<Json>, isDraft7: boolean, tracks: boolean): Judge => {
  const choices: Run['choices'] = new WeakMap()
  return (value, fuel) => {
    const run: Run = { fuel, lookup, isDraft7, tracks, choices, faults: [], most: MOST_FAULTS }
    judge(schema, value, null, run)
    return run.faults
  }
}

const build = ({ schema, faults, needs }: ReadSchema, draft: '7' | '2020-12'): Compiled => {
  if (faults.length > 0) return { faults, needs, judge: null }
  try {
    const read = schema as Schema | boolean
    const lookup = dereference(read)
    const links = linkFaults(lookup)
    if (links.length > 0) return { faults: links.slice(0, MOST_FAULTS), needs, judge: null }
    return { faults: [], needs, judge: judgeBy(schema, lookup, draft === '7', needs.tracks) }
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

const verdict = (judged: Judge, value: unknown, fuel: Run['fuel']): readonly SchemaFault[] => {
  try {
    return judged(value, fuel)
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
export const validate = (
  schema: unknown,
  value: unknown,
  fuel: Run['fuel'] = { left: MOST_STEPS },
): readonly SchemaFault[] => {
  const { faults, needs, judge: judged } = compile(schema)
  if (!judged)
    return faults.map(({ path, message }) => ({ path: '', message: `The schema is refused: ${path} ${message}` }))
  const read = readJson(value, needs)
  return read.fault ? [read.fault] : verdict(judged, read.value, fuel)
}
