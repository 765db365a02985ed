import type { Alignment } from '@/lib/tracing/contract'

// A run of equal steps is one row until somebody opens it; everything else is a row of its own.
export type DiffRow = { kind: 'fold'; from: number; count: number } | { kind: 'pair'; at: number }

const LEAST_FOLD = 2

const isEqual = ({ op }: Alignment): boolean => op === 'equal'

export const diffRows = (alignment: readonly Alignment[], unfolded: ReadonlySet<number>): DiffRow[] => {
  const rows: DiffRow[] = []
  for (let at = 0; at < alignment.length; ) {
    let end = at
    while (end < alignment.length && isEqual(alignment[end] as Alignment)) end++
    const count = end - at
    if (count >= LEAST_FOLD && !unfolded.has(at)) rows.push({ kind: 'fold', from: at, count })
    else for (let one = at; one < end; one++) rows.push({ kind: 'pair', at: one })
    if (end < alignment.length) rows.push({ kind: 'pair', at: end })
    at = end + 1
  }
  return rows
}

export const differencesIn = (alignment: readonly Alignment[]): number[] =>
  alignment.flatMap((item, at) => (isEqual(item) ? [] : [at]))

// Round and round: after the last comes the first.
export const neighbourOf = (differences: readonly number[], from: number | null, step: 1 | -1): number | null => {
  if (differences.length === 0) return null
  if (from === null) return (step === 1 ? differences[0] : differences.at(-1)) ?? null
  const next = step === 1 ? differences.find((at) => at > from) : differences.findLast((at) => at < from)
  return next ?? (step === 1 ? differences[0] : differences.at(-1)) ?? null
}

export type Mark = { at: number; op: Alignment['op']; topPercent: number; heightPercent: number }

const MOST_MARKS = 200

// Where the differences lie in the whole, at most so many marks; the gravest of a place gives it its colour.
export const marksOf = (alignment: readonly Alignment[]): Mark[] => {
  const total = Math.max(alignment.length, 1)
  const places = Math.min(total, MOST_MARKS)
  const marks = new Map<number, Mark>()
  alignment.forEach(({ op }, at) => {
    if (op === 'equal') return
    const place = Math.floor((at * places) / total)
    if (!marks.has(place)) marks.set(place, { at, op, topPercent: (place / places) * 100, heightPercent: 100 / places })
  })
  return [...marks.values()]
}
