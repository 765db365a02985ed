import { aside, burn, complain, isFull, type Place, type Run } from './json-schema-run'
import { isMatch, SCALAR_CHECKS } from './json-schema-scalars'
import { isObject } from './schema-reader'

type Json = Readonly<Record<string, unknown>>
type Seen = Set<string> | null
type Case = { schema: Json; value: unknown; at: Place; run: Run; seen: Seen }
type Check = (part: unknown, it: Case) => void

const MOST_OF_A_BRANCH = 8

const listIn = (part: unknown): readonly unknown[] => (Array.isArray(part) ? part : [])

const entriesIn = ({ run }: Case, part: unknown): [string, unknown][] => {
  const entries = isObject(part) ? Object.entries(part) : []
  burn(run, entries.length / 2)
  return entries
}

const merge = (run: Run, into: Seen, from: Seen): void => {
  if (!into || !from) return
  burn(run, from.size / 2)
  for (const key of from) into.add(key)
}

const inPlace = (part: unknown, { value, at, run, seen }: Case): void => merge(run, seen, judge(part, value, at, run))

// What a branch finds, and whether it fits. Only a branch that fits has seen anything.
const attempt = (part: unknown, it: Case, most: number): { fits: boolean; found: Run['faults'] } => {
  const run = aside(it.run, most)
  const seen = judge(part, it.value, it.at, run)
  const fits = run.faults.length === 0
  if (fits) merge(run, it.seen, seen)
  return { fits, found: run.faults }
}

const fitsValue = (part: unknown, value: unknown, { run }: Case): boolean => {
  const own = aside(run, 1)
  judge(part, value, null, own)
  return own.faults.length === 0
}

const adopt = ({ run }: Case, found: Run['faults']): void => {
  run.faults.push(...found.slice(0, Math.max(0, run.most - run.faults.length)))
}

const anyOf: Check = (part, it) => {
  const found: Run['faults'] = []
  let isFitting = false
  for (const branch of listIn(part)) {
    const result = attempt(branch, it, MOST_OF_A_BRANCH)
    isFitting ||= result.fits
    if (isFitting && !it.run.tracks) return
    if (found.length < it.run.most) found.push(...result.found)
  }
  if (isFitting) return
  complain(it.run, it.at, 'Instance does not match any subschemas.')
  adopt(it, found)
}

const oneOf: Check = (part, it) => {
  const found: Run['faults'] = []
  let matches = 0
  for (const branch of listIn(part)) {
    const result = attempt(branch, it, MOST_OF_A_BRANCH)
    if (result.fits) matches += 1
    else if (found.length < it.run.most) found.push(...result.found)
    if (matches > 1) break
  }
  if (matches === 1) return
  const count = matches === 0 ? '0 matches' : 'more than one matches'
  complain(it.run, it.at, `Instance does not match exactly one subschema (${count}).`)
  if (matches === 0) adopt(it, found)
}

const allOf: Check = (part, it) => {
  for (const branch of listIn(part)) if (!isFull(it.run)) inPlace(branch, it)
}

const not: Check = (part, it) => {
  if (fitsValue(part, it.value, it)) complain(it.run, it.at, 'Instance matched "not" schema.')
}

const condition: Check = (part, it) => {
  const next = attempt(part, it, 1).fits ? 'then' : 'else'
  if (Object.hasOwn(it.schema, next)) inPlace(it.schema[next], it)
}

const require = (names: unknown, value: object, { at, run }: Case, why = ''): void => {
  burn(run, listIn(names).length / 4)
  for (const name of listIn(names)) {
    if (isFull(run)) return
    if (!Object.hasOwn(value, String(name)))
      complain(run, at, `Instance does not have required property "${String(name).slice(0, 250)}"${why}.`)
  }
}

const required: Check = (part, it) => {
  if (isObject(it.value)) require(part, it.value, it)
}

const dependent: Check = (part, it) => {
  if (!isObject(it.value)) return
  for (const [name, wanted] of entriesIn(it, part)) {
    if (!Object.hasOwn(it.value, name)) continue
    if (Array.isArray(wanted)) require(wanted, it.value, it, `, needed beside "${name.slice(0, 100)}"`)
    else inPlace(wanted, it)
  }
}

const step = (part: unknown, key: string | number, item: unknown, { at, run, seen }: Case): void => {
  if (isFull(run)) return
  seen?.add(String(key))
  judge(part, item, { above: at, key }, run)
}

const properties: Check = (part, it) => {
  if (!isObject(it.value)) return
  for (const [name, schema] of entriesIn(it, part))
    if (Object.hasOwn(it.value, name)) step(schema, name, it.value[name], it)
}

const patternProperties: Check = (part, it) => {
  for (const [source, schema] of entriesIn(it, part))
    for (const [name, item] of entriesIn(it, it.value))
      if (!isFull(it.run) && isMatch(source, name, it.run)) step(schema, name, item, it)
}

const additionalProperties: Check = (part, it) => {
  const known = isObject(it.schema['properties']) ? it.schema['properties'] : {}
  const sources = Object.keys(isObject(it.schema['patternProperties']) ? it.schema['patternProperties'] : {})
  for (const [name, item] of entriesIn(it, it.value)) {
    if (isFull(it.run)) return
    if (!Object.hasOwn(known, name) && !sources.some((source) => isMatch(source, name, it.run)))
      step(part, name, item, it)
  }
}

const propertyNames: Check = (part, it) => {
  for (const [name] of entriesIn(it, it.value))
    if (!isFull(it.run)) judge(part, name, { above: it.at, key: name }, it.run)
}

const stepThrough = (part: unknown, from: number, it: Case): void => {
  const list = listIn(it.value)
  for (let i = from; i < list.length && !isFull(it.run); i++) step(part, i, list[i], it)
}

const prefixItems: Check = (part, it) => {
  const list = listIn(it.value)
  for (const [i, schema] of listIn(part).slice(0, list.length).entries()) step(schema, i, list[i], it)
}

const items: Check = (part, it) => {
  if (Array.isArray(part)) prefixItems(part, it)
  else stepThrough(part, listIn(it.schema['prefixItems']).length, it)
}

const additionalItems: Check = (part, it) => {
  const first = it.schema['items']
  if (Array.isArray(first)) stepThrough(part, first.length, it)
}

const contains: Check = (part, it) => {
  if (!Array.isArray(it.value)) return
  const { minContains: least = 1, maxContains: most = Number.POSITIVE_INFINITY } = it.schema
  let count = 0
  for (const [i, item] of it.value.entries()) {
    if (!fitsValue(part, item, it)) continue
    it.seen?.add(String(i))
    count += 1
  }
  if (count < Number(least)) complain(it.run, it.at, `Array contains ${count} of at least ${least} wanted items.`)
  if (count > Number(most)) complain(it.run, it.at, `Array contains ${count} of at most ${most} wanted items.`)
}

const unevaluatedProperties: Check = (part, it) => {
  for (const [name, item] of entriesIn(it, it.value)) if (!it.seen?.has(name)) step(part, name, item, it)
}

const unevaluatedItems: Check = (part, it) => {
  for (const [i, item] of listIn(it.value).entries()) if (!it.seen?.has(String(i))) step(part, i, item, it)
}

const reference: Check = (_, it) => inPlace(it.run.lookup[String(it.schema['__absolute_ref__'])], it)

const CHECKS: Readonly<Record<string, Check>> = {
  $ref: reference,
  ...{ anyOf, oneOf, allOf, not, if: condition, required },
  ...{ dependentRequired: dependent, dependentSchemas: dependent, dependencies: dependent },
  ...{ properties, patternProperties, additionalProperties, propertyNames },
  ...{ prefixItems, items, additionalItems, contains },
  ...Object.fromEntries(
    Object.entries(SCALAR_CHECKS).map(([name, check]) => [
      name,
      ((part, { value, at, run }) => check(part, value, at, run)) satisfies Check,
    ]),
  ),
}

const LAST: Readonly<Record<string, Check>> = { unevaluatedProperties, unevaluatedItems }

const checkAll = (checks: Readonly<Record<string, Check>>, it: Case): void => {
  for (const name of Object.keys(it.schema)) {
    if (isFull(it.run)) return
    burn(it.run, 1)
    if (Object.hasOwn(checks, name)) checks[name]?.(it.schema[name], it)
  }
}

// Adds to the run what is wrong with a value, and tells which of its parts the schema has looked at.
export const judge = (schema: unknown, value: unknown, at: Place, run: Run): Seen => {
  burn(run, 3)
  if (isFull(run) || schema === true) return null
  if (!isObject(schema)) {
    complain(run, at, 'is not allowed here')
    return null
  }
  const it: Case = { schema, value, at, run, seen: run.tracks ? new Set() : null }
  if (run.isDraft7 && '$ref' in schema) reference(null, it)
  else checkAll(CHECKS, it)
  if (run.tracks) checkAll(LAST, it)
  return it.seen
}
