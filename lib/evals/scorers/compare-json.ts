type Json = Record<string, unknown>

const NEAR = 1e-4

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const isSameScalar = (expected: unknown, actual: unknown): boolean => {
  if (typeof expected === 'string' && typeof actual === 'string')
    return expected.trim().toLowerCase() === actual.trim().toLowerCase()
  if (typeof expected === 'number' && typeof actual === 'number') return Math.abs(expected - actual) <= NEAR
  return expected === actual
}

/** Everything expected is there; what is there besides does no harm. Lists are compared item by item. */
export const isWithin = (expected: unknown, actual: unknown): boolean => {
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, at) => isWithin(item, actual[at]))
    )
  if (isObject(expected))
    return (
      isObject(actual) &&
      Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && isWithin(value, actual[key]))
    )
  return isSameScalar(expected, actual)
}

type Count = { all: number; found: number }

const leaves = (expected: unknown, actual: unknown, count: Count): Count => {
  if (isObject(expected) && Object.keys(expected).length > 0) {
    for (const [key, value] of Object.entries(expected))
      leaves(value, isObject(actual) && Object.hasOwn(actual, key) ? actual[key] : undefined, count)
    return count
  }
  count.all++
  if (isWithin(expected, actual)) count.found++
  return count
}

/** The part of the expected values that is there. */
export const shareWithin = (expected: Json, actual: unknown): number => {
  const { all, found } = leaves(expected, actual, { all: 0, found: 0 })
  return all === 0 ? 1 : found / all
}

const FENCE = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/

/** JSON as models write it, with or without a fence; undefined where it is none. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(FENCE.exec(text)?.[1] ?? text) as unknown
  } catch {
    return undefined
  }
}
