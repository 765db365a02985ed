import type { Alignment, Divergence } from '../contract'
import type { Aligned } from './align'
import type { DivergenceClass } from './compare-pair'
import { sentenceOf } from './sentences'

type Place = { position: number; base: number | null; compare: number | null; at: number; item: Alignment }

// The last pair in order before each place: where the two were still together.
const togetherBefore = (aligned: readonly Aligned[], side: 'base' | 'compare'): ((at: number) => number) => {
  const pairs = aligned
    .flatMap(({ match: { base, compare, isInOrder } }) =>
      isInOrder && base !== null && compare !== null ? [{ base, compare }] : [],
    )
    .sort((a, b) => a[side] - b[side])
  return (at) => {
    let [low, high] = [0, pairs.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[middle]?.[side] ?? 0) < at) low = middle + 1
      else high = middle
    }
    const last = pairs[low - 1]
    return last ? (last.base + last.compare) / 2 + 0.25 : -0.75
  }
}

const placesOf = (aligned: readonly Aligned[], of: DivergenceClass): Place[] => {
  const beforeBase = togetherBefore(aligned, 'base')
  const beforeCompare = togetherBefore(aligned, 'compare')
  return aligned.flatMap(({ item }, at): Place[] => {
    const { base_index: base, compare_index: compare } = item
    if (item.class !== of) return []
    if (base !== null && compare !== null && item.op !== 'moved')
      return [{ position: (base + compare) / 2, base, compare, at, item }]
    return [
      ...(base === null ? [] : [{ position: beforeBase(base), base, compare: null, at, item }]),
      ...(compare === null ? [] : [{ position: beforeCompare(compare), base: null, compare, at, item }]),
    ]
  })
}

const least = (values: readonly (number | null)[]): number | null =>
  values.reduce((found, value) => (value === null ? found : found === null ? value : Math.min(found, value)), null)

// How many steps both had taken together before it.
const stepAt = (aligned: readonly Aligned[], position: number): number =>
  1 +
  aligned.filter(({ match: { base, compare, isRetry }, item }) => {
    const isPair = base !== null && compare !== null && !isRetry && item.op !== 'moved'
    return isPair && (base + compare) / 2 < position
  }).length

export type Found = { position: number; told: Divergence }

const firstOf = (aligned: readonly Aligned[], of: DivergenceClass): Found | null => {
  const places = placesOf(aligned, of)
  const position = least(places.map((place) => place.position))
  const here = places.filter((place) => place.position === position)
  const first = here.toSorted((a, b) => a.at - b.at)[0]
  if (position === null || !first) return null
  const told = {
    alignment_index: first.at,
    base_index: least(here.map(({ base }) => base)),
    compare_index: least(here.map(({ compare }) => compare)),
    step: stepAt(aligned, position),
    class: of,
    kind: first.item.kind,
    sentence: sentenceOf(here.map(({ item }) => item)),
  }
  return { position, told }
}

export type Divergences = Record<DivergenceClass, Found | null>

export const divergencesOf = (aligned: readonly Aligned[]): Divergences => ({
  structural: firstOf(aligned, 'structural'),
  decision: firstOf(aligned, 'decision'),
  wording: firstOf(aligned, 'wording'),
})

// Where they part first, of the classes named.
export const earliestOf = (...found: readonly (Found | null)[]): Divergence | null =>
  found.reduce(
    (first, next) => (next !== null && (first === null || next.position < first.position) ? next : first),
    null,
  )?.told ?? null

export const firstDivergence = ({ structural, decision, wording }: Divergences): Divergence | null =>
  earliestOf(structural, decision, wording)
