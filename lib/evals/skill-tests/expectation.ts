import { validate } from '@/lib/core/json-schema'
import type { Rehearsed } from '@/lib/runtime'
import type { SkillTest } from '@/lib/skills'
import { isWithin, jsonIn } from '../scorers/compare-json'

type Json = Record<string, unknown>

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

// What the run said, as one map: the keys of a JSON answer, and beside them what every run has.
export const actualOf = ({ text, toolCalls }: Pick<Rehearsed, 'text' | 'toolCalls'>): Json => {
  const said = jsonIn(text)
  return {
    output: said ?? text,
    tool_calls: toolCalls.map(({ name, arguments: args, success }) => ({ name, arguments: args, success })),
    ...(isMap(said) ? said : {}),
  }
}

const MOST_SHOWN = 300

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing')
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

const missesIn = (expected: Json, actual: Json): string[] =>
  Object.entries(expected).flatMap(([key, value]) => {
    const found = Object.hasOwn(actual, key) ? actual[key] : undefined
    if (isWithin(value, found)) return []
    return [`${key}: expected ${shown(value)}, got ${shown(found)}`]
  })

const schemaMisses = (schema: Json, text: string): string[] => {
  const value = jsonIn(text)
  if (value === undefined) return ['schema: the answer is not JSON']
  return validate(schema, value)
    .slice(0, 5)
    .map(({ path, message }) => `schema: ${path === '' ? 'the answer' : path} ${message}`)
}

/** Where the answer is not what the test expects. */
export const missesOf = ({ expect, schema }: SkillTest, seen: Pick<Rehearsed, 'text' | 'toolCalls'>): string[] => [
  ...(expect === undefined ? [] : missesIn(expect, actualOf(seen))),
  ...(schema === undefined ? [] : schemaMisses(schema, seen.text)),
]

// The fault of the house or of a budget, never of a skill: it counts as the expected error only where it is named.
const NOT_ITS_OWN: readonly string[] = [
  ...['provider_error', 'provider_empty', 'internal_error', 'config_error', 'ledger_unavailable', 'policy_unavailable'],
  ...['budget_exhausted', 'budget_in_flight', 'request_exceeds_budget', 'cancelled', 'timeout', 'shutting_down'],
]

type Failing = Pick<Rehearsed, 'error' | 'toolCalls'>

const errorsIn = ({ error, toolCalls }: Failing): { code: string; text: string }[] => [
  ...(error === undefined ? [] : [{ code: error.code, text: `${error.code}: ${error.message}` }]),
  ...toolCalls.flatMap(({ name, success, result = '' }) =>
    success ? [] : [{ code: 'tool', text: `${name}: ${result}` }],
  ),
]

const fits = (wanted: string | true, { code, text }: { code: string; text: string }): boolean => {
  if (NOT_ITS_OWN.includes(code)) return wanted !== true && wanted.includes(code)
  return wanted === true || text.toLowerCase().includes(wanted.toLowerCase())
}

/** Why the error that a test waits for did not come; null where it did. */
export const errorMiss = (wanted: string | true, seen: Failing): string | null => {
  const errors = errorsIn(seen)
  if (errors.some((error) => fits(wanted, error))) return null
  const what = wanted === true ? 'an error' : `an error with ${shown(wanted)}`
  return errors.length === 0
    ? `expected ${what}, and nothing failed`
    : `expected ${what}, got ${shown(errors[0]?.text)}`
}
