import { RE2JS } from 're2js'
import { patternSize } from '../schema-pattern-size'

export const MOST_PATTERN_CHARS = 500
const MOST_INSTRUCTIONS = 500

// What is longer than this is found in pieces, and a stream holds no more of it back.
export const MAX_OWN_MATCH = 1_024
const WINDOW = 2 * MAX_OWN_MATCH
// Whatever comes behind so many finds in one text is masked with them: dense matches cost, and say nothing more.
const MOST_FINDS = 5_000

export type Found = { from: number; to: number }

export type OwnPattern = {
  size: number
  // From `start` on, in order and apart. `isWhole` says that nothing will follow the text.
  find(text: string, start: number, isWhole: boolean): { found: Found[]; next: number }
}

type Compiled = ReturnType<typeof RE2JS.compile>

// One window: what begins in its first half is decided in it.
const findIn = (pattern: Compiled, text: string, start: number, found: Found[]): number => {
  const base = Math.max(0, start - 1)
  const end = Math.min(text.length, start + WINDOW)
  const half = end === text.length ? end : start + MAX_OWN_MATCH
  const matcher = pattern.matcher(text.slice(base, end))
  let at = start
  while (at < half && found.length < MOST_FINDS && matcher.find(at - base)) {
    const [from, to] = [base + matcher.start(), base + matcher.end()]
    if (from >= half) return half
    if (to > from) found.push({ from, to })
    at = Math.max(to, from + 1)
  }
  return Math.max(at, half)
}

const findAll = (pattern: Compiled, text: string, from: number, isWhole: boolean) => {
  const found: Found[] = []
  const last = isWhole ? text.length : text.length - WINDOW
  let at = from
  while (at < last && found.length < MOST_FINDS) at = findIn(pattern, text, at, found)
  if (found.length >= MOST_FINDS && at < last) {
    found.push({ from: at, to: last })
    at = last
  }
  return { found, next: at }
}

/** The pattern, or what is wrong with it. Linear time, whatever the pattern and the text. */
export const compileOwn = (source: string): OwnPattern | string => {
  if (source.trim() === '') return 'is empty'
  if (source.length > MOST_PATTERN_CHARS) return `is longer than ${MOST_PATTERN_CHARS} characters`
  if (patternSize(source) > MOST_INSTRUCTIONS) return 'is too large once its repetitions are written out'
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source))
    const size = pattern.programSize()
    if (size > MOST_INSTRUCTIONS) return 'is too large'
    if (pattern.test('')) return 'matches the empty text, so it would match everywhere'
    return { size, find: (text, start, isWhole) => findAll(pattern, text, start, isWhole) }
  } catch {
    return 'is not a pattern that is matched in linear time (look-around and back-references are not)'
  }
}
