import { stableJson } from '@/lib/shared/stable-json'
import { isWithin, jsonIn, shareWithin } from './compare-json'

export type Said = string | Record<string, unknown>

export const saidText = (said: Said): string => (typeof said === 'string' ? said : stableJson(said))

const plain = (text: string): string => text.toLowerCase().trim().replaceAll(/\s+/g, ' ')

const isSame = (expected: Said, actual: string): boolean =>
  typeof expected === 'string' ? plain(expected) === plain(actual) : isWithin(expected, jsonIn(actual))

/** 1 or 0: the same words, whatever their case and spaces; an object that is expected is found within the answer. */
export const exactMatch = (wanted: readonly Said[], actual: string): number =>
  wanted.some((expected) => isSame(expected, actual)) ? 1 : 0

const wordsIn = (text: string): Set<string> => new Set(plain(text).match(/[\p{L}\p{N}]+/gu) ?? [])

const jaccard = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  if (a.size === 0 && b.size === 0) return 1
  let common = 0
  for (const word of a) if (b.has(word)) common++
  return common / (a.size + b.size - common)
}

const similarTo = (expected: Said, actual: string, words: ReadonlySet<string>): number => {
  if (typeof expected === 'string') return jaccard(wordsIn(expected), words)
  const value = jsonIn(actual)
  return value === undefined ? jaccard(wordsIn(saidText(expected)), words) : shareWithin(expected, value)
}

/** What the sets of words have in common, of the expectation that is nearest. */
export const similarity = (wanted: readonly Said[], actual: string): number => {
  const words = wordsIn(actual)
  return Math.max(0, ...wanted.map((expected) => similarTo(expected, actual, words)))
}
