import { format } from '@cfworker/json-schema'
import { RE2JS } from 're2js'
import safeRegex from 'safe-regex2'
import { kernel } from './kernel'

const FORMATS: ReadonlySet<string> = new Set([
  ...['date', 'time', 'date-time', 'duration', 'uri', 'uri-reference', 'uri-template', 'email', 'hostname'],
  ...['ipv4', 'ipv6', 'regex', 'uuid', 'json-pointer', 'relative-json-pointer'],
])
const MARK = 'pattern '
const MOST_CHARS = 1_000
const MOST_INSTRUCTIONS = 1_000
const MOST_MATCHERS = 1_000

// One validation may take so many steps; what asks for more is refused, whatever its shape.
export type Fuel = { left: number }

export class OutOfFuel extends Error {}

const fuelOf = (): Fuel => kernel().slot<Fuel>('core.schema-fuel', () => ({ left: 0 }))

export const burn = (steps: number): void => {
  const fuel = fuelOf()
  fuel.left -= steps
  if (fuel.left < 0) throw new OutOfFuel('too many steps')
}

export const refuel = (steps: number): void => {
  fuelOf().left = steps
}

type Matcher = { matches: (text: string) => boolean }

const compile = (source: string): Matcher | string => {
  if (source.length > MOST_CHARS) return `is longer than ${MOST_CHARS} characters`
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source))
    const size = compiled.programSize()
    if (size > MOST_INSTRUCTIONS) return 'is too large'
    return {
      matches: (text) => {
        burn(Math.ceil((size * text.length) / 100))
        return compiled.test(text)
      },
    }
  } catch {
    return 'is not a pattern that is matched in linear time (look-around and back-references are not)'
  }
}

const matcherOf = (source: string): Matcher | string => {
  const known = kernel().slot('core.schema-patterns', () => new Map<string, Matcher | string>())
  const found = known.get(source)
  if (found) return found
  if (known.size >= MOST_MATCHERS) known.clear()
  const made = compile(source)
  known.set(source, made)
  return made
}

export const patternFault = (source: string): string | null => {
  const matcher = matcherOf(source)
  return typeof matcher === 'string' ? matcher : null
}

// Names of properties are matched by the engine that backtracks, so it gets only what cannot run away.
export const namePatternFault = (source: string): string | null => {
  const isBranching = source.includes('|') && /\)[*+?{]/.test(source)
  if (source.length > MOST_CHARS || isBranching || !safeRegex(source, { limit: 2 }))
    return 'could take too long to match'
  try {
    new RegExp(source, 'u')
    return null
  } catch {
    return 'is not a regular expression'
  }
}

export const asFormat = (pattern: string): string => MARK + pattern

export const patternIn = (name: string): string | null => (name.startsWith(MARK) ? name.slice(MARK.length) : null)

export const isKnownFormat = (name: string): boolean => FORMATS.has(name)

const testerFor = (name: unknown): Matcher['matches'] | undefined => {
  const source = typeof name === 'string' ? patternIn(name) : null
  const matcher = source === null ? null : matcherOf(source)
  return matcher === null || typeof matcher === 'string' ? undefined : matcher.matches
}

// The validator runs patterns with an engine that backtracks. A pattern is handed to it as a format instead, and
// the table of formats finds here a matcher whose time is linear; names inherited from Object end with it.
Object.setPrototypeOf(format, new Proxy(Object.create(null), { get: (_, name) => testerFor(name) }))
