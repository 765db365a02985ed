const NUMBER = /[-+\u2212]?(?:\d{1,3}(?:[, '\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?/g
const MOST_TEXT = 100_000

const parsed = (text: string): number => Number(text.replaceAll(/[, '\u00a0\u202f]/g, '').replace('\u2212', '-'))

export const numbersIn = (text: string): number[] =>
  [...text.slice(0, MOST_TEXT).matchAll(NUMBER)].map(([found]) => parsed(found)).filter(Number.isFinite)

type Extract = 'only' | 'first' | 'last'

/** The number that an answer gives, or why there is none. */
export const numberIn = (text: string, extract: Extract): number | string => {
  const found = numbersIn(text)
  if (found.length === 0) return 'The answer holds no number.'
  if (extract === 'only' && found.length > 1) return `The answer holds ${found.length} numbers.`
  return (extract === 'first' ? found[0] : found.at(-1)) ?? 'The answer holds no number.'
}

export const isNear = (actual: number, expected: number, within: { tolerance: number; relative: boolean }): boolean => {
  const most = within.relative ? within.tolerance * Math.abs(expected) : within.tolerance
  // A tolerance of 0.1 admits 0.1, whatever binary fractions make of it.
  return Math.abs(actual - expected) <= most + 1e-9 * Math.max(1, Math.abs(expected))
}
