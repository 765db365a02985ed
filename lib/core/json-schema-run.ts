import { stableJson } from '@/lib/shared/stable-json'
import { isObject, type SchemaFault } from './schema-reader'

// Where in a value something is; written out only when there is something to say about it.
export type Place = { above: Place | null; key: string | number } | null

// One judgement: what may still be spent, and what was found. At `most` faults there is nothing more to look for.
export type Run = {
  fuel: { left: number }
  lookup: Readonly<Record<string, unknown>>
  isDraft7: boolean
  // Only `unevaluated…` asks which parts others have seen.
  tracks: boolean
  choices: WeakMap<object, Choices>
  faults: SchemaFault[]
  most: number
}

export type Choices = { forms: ReadonlySet<string>; text: string }

export class OutOfFuel extends Error {}

const MOST_MESSAGE = 300
const MOST_PATH = 300

// A step is what takes about a third of a microsecond, so that no shape of schema and value is cheaper than it looks.
export const burn = ({ fuel }: Run, steps: number): void => {
  fuel.left -= Math.ceil(steps)
  if (fuel.left < 0) throw new OutOfFuel('too many steps')
}

const pathOf = (place: Place): string => {
  const keys: string[] = []
  for (let at = place; at !== null; at = at.above)
    keys.push(String(at.key).slice(0, MOST_PATH).replaceAll('~', '~0').replaceAll('/', '~1'))
  return keys
    .reverse()
    .map((key) => `/${key}`)
    .join('')
    .slice(0, MOST_PATH)
}

const shortened = (text: string): string => (text.length > MOST_MESSAGE ? `${text.slice(0, MOST_MESSAGE)}…` : text)

export const isFull = ({ faults, most }: Run): boolean => faults.length >= most

export const complain = (run: Run, place: Place, message: string): void => {
  if (!isFull(run)) run.faults.push({ path: pathOf(place), message: shortened(message) })
}

// The same fuel, other faults: what a branch finds wrong need not be wrong.
export const aside = (run: Run, most: number): Run => ({ ...run, faults: [], most })

const weigh = (run: Run, value: unknown): void => {
  burn(run, typeof value === 'string' ? 2 + value.length / 64 : 3)
  if (Array.isArray(value)) for (const item of value) weigh(run, item)
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      burn(run, 9 + key.length / 64)
      weigh(run, item)
    }
}

// Equal values have equal forms, so many are told apart without comparing each with each.
export const formOf = (run: Run, value: unknown): string => {
  weigh(run, value)
  return stableJson(value)
}

export const choicesIn = (run: Run, list: readonly unknown[]): Choices => {
  const found = run.choices.get(list)
  if (found) return found
  const forms = new Set(list.map((item) => formOf(run, item)))
  const made = { forms, text: shortened([...forms].slice(0, MOST_MESSAGE).join(',')) }
  run.choices.set(list, made)
  return made
}
