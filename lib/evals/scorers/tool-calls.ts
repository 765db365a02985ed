import type { ExpectedCall } from '../contract/case'
import { isWithin } from './compare-json'

export type ActualCall = { name: string; arguments: unknown }

const EXTRA = 0.1

const nameOf = (expected: ExpectedCall): string => (typeof expected === 'string' ? expected : expected.name)

export const isCall = (expected: ExpectedCall, actual: ActualCall): boolean =>
  nameOf(expected) === actual.name &&
  (typeof expected === 'string' || expected.arguments === undefined || isWithin(expected.arguments, actual.arguments))

/** The part of the expected calls that was made, less a tenth for each call that nobody expected. */
export const toolCallMatch = (expected: readonly ExpectedCall[], actual: readonly ActualCall[]): number => {
  const left = [...actual]
  let found = 0
  // What asks for more is looked for first, so that a bare name does not take the call of one with arguments.
  const strict = (call: ExpectedCall) => (typeof call === 'string' || call.arguments === undefined ? 1 : 0)
  for (const call of [...expected].sort((a, b) => strict(a) - strict(b))) {
    const at = left.findIndex((one) => isCall(call, one))
    if (at < 0) continue
    left.splice(at, 1)
    found++
  }
  const share = expected.length === 0 ? 1 : found / expected.length
  const extra = Math.max(0, actual.length - expected.length)
  return Math.max(0, share - EXTRA * extra)
}

type Mode = 'exact' | 'prefix' | 'in_order'

const inOrder = (expected: readonly ExpectedCall[], actual: readonly ActualCall[]): number => {
  let at = 0
  for (const call of actual) {
    const next = expected[at]
    if (next !== undefined && isCall(next, call)) at++
  }
  return at
}

const fromStart = (expected: readonly ExpectedCall[], actual: readonly ActualCall[]): number => {
  const stop = expected.findIndex((call, at) => {
    const made = actual[at]
    return made === undefined || !isCall(call, made)
  })
  return stop < 0 ? expected.length : stop
}

/** How far the calls follow the order that is expected; 1 is all the way. */
export const sequenceScore = (
  expected: readonly ExpectedCall[],
  actual: readonly ActualCall[],
  mode: Mode,
): { score: number; isMet: boolean } => {
  const far = mode === 'in_order' ? inOrder(expected, actual) : fromStart(expected, actual)
  const score = expected.length === 0 ? 1 : far / expected.length
  const isLength = mode !== 'exact' || actual.length === expected.length
  return { score: isLength ? score : Math.max(0, score - EXTRA), isMet: far === expected.length && isLength }
}
