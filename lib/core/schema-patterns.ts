import { RE2JS } from 're2js'
import safeRegex from 'safe-regex2'
import { kernel } from './kernel'
import { patternSize } from './schema-pattern-size'

const FORMATS: ReadonlySet<string> = new Set([
  ...['date', 'time', 'date-time', 'duration', 'uri', 'uri-reference', 'uri-template', 'email', 'hostname'],
  ...['ipv4', 'ipv6', 'regex', 'uuid', 'json-pointer', 'relative-json-pointer'],
])
const MOST_CHARS = 1_000
const MOST_INSTRUCTIONS = 1_000
const MOST_MATCHERS = 1_000
const MOST_PATTERNS = 32
const MOST_CHARS_IN_ALL = 4_096
const MOST_SIZE_IN_ALL = 8_000

export type Matcher = { size: number; matches: (text: string) => boolean }

// What the patterns of one schema may cost together before the first of them is used.
export type PatternBudget = { sources: Set<string>; chars: number; size: number }

export const patternBudget = (): PatternBudget => ({ sources: new Set(), chars: 0, size: 0 })

const compile = (source: string): Matcher | string => {
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source))
    const size = compiled.programSize()
    return size > MOST_INSTRUCTIONS ? 'is too large' : { size, matches: (text) => compiled.test(text) }
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

export const matcherFor = (source: string): Matcher | null => {
  const matcher = matcherOf(source)
  return typeof matcher === 'string' ? null : matcher
}

// Judged by its text before anything is compiled.
const spendingFault = (source: string, budget: PatternBudget): string | null => {
  if (source.length > MOST_CHARS) return `is longer than ${MOST_CHARS} characters`
  const size = patternSize(source)
  if (size > MOST_INSTRUCTIONS) return 'is too large'
  if (budget.sources.has(source)) return null
  budget.sources.add(source)
  budget.chars += source.length
  budget.size += size
  const isTooMuch =
    budget.sources.size > MOST_PATTERNS || budget.chars > MOST_CHARS_IN_ALL || budget.size > MOST_SIZE_IN_ALL
  return isTooMuch ? 'is too much beside the others' : null
}

export const patternFault = (source: string, budget: PatternBudget): string | null => {
  const spending = spendingFault(source, budget)
  if (spending !== null) return spending
  const matcher = matcherOf(source)
  return typeof matcher === 'string' ? matcher : null
}

// Patterns of names are matched against every name there is, so they get less freedom.
export const namePatternFault = (source: string, budget: PatternBudget): string | null => {
  const fault = patternFault(source, budget)
  if (fault !== null) return fault
  const isBranching = source.includes('|') && /\)[*+?{]/.test(source)
  return isBranching || !safeRegex(source, { limit: 2 }) ? 'could take too long to match' : null
}

export const isKnownFormat = (name: string): boolean => FORMATS.has(name)
