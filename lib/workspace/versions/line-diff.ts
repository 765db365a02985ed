import { longestCommon } from '@/lib/tracing'
import type { Hunk } from '../contract/version-diff'

// The work that one comparison may spend on texts, and how much of them it may show.
export type DiffBudget = { cells: number; characters: number }
export const newDiffBudget = (): DiffBudget => ({ cells: 200_000_000, characters: 4_000_000 })

export type LineDiff = { added: number; removed: number; hunks: Hunk[] | null }

const AROUND = 3
const MOST_LINE = 4_000
const MOST_LINES = 200_000

// A last line that does not end is told apart from one that does, as every tool for versions tells it.
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? []

const numbered = (a: readonly string[], b: readonly string[]): [number[], number[]] => {
  const known = new Map<string, number>()
  const number = (line: string): number => {
    const found = known.get(line) ?? known.size
    known.set(line, found)
    return found
  }
  return [a.map(number), b.map(number)]
}

type Step = { op: ' ' | '+' | '-'; text: string; old: number; new: number }

const stepsOf = (a: readonly string[], b: readonly string[], pairs: readonly (readonly [number, number])[]): Step[] => {
  const steps: Step[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...pairs, [a.length, b.length] as const]) {
    for (; i < x; i++) steps.push({ op: '-', text: a[i] ?? '', old: i, new: j })
    for (; j < y; j++) steps.push({ op: '+', text: b[j] ?? '', old: i, new: j })
    if (i < a.length) steps.push({ op: ' ', text: a[i] ?? '', old: i++, new: j++ })
  }
  return steps
}

// Stretches of steps around what changed; neighbours that touch are one.
const stretchesOf = (steps: readonly Step[]): [from: number, to: number][] => {
  const stretches: [number, number][] = []
  for (const [at, { op }] of steps.entries()) {
    if (op === ' ') continue
    const [from, to] = [Math.max(0, at - AROUND), Math.min(steps.length, at + AROUND + 1)]
    const last = stretches.at(-1)
    if (last && from <= last[1]) last[1] = to
    else stretches.push([from, to])
  }
  return stretches
}

const shown = ({ op, text }: Step): string => {
  const line = text.endsWith('\n') ? text.slice(0, -1) : `${text}\n\\ No newline at end of file`
  return op + (line.length > MOST_LINE ? `${line.slice(0, MOST_LINE)} […]` : line)
}

const hunkOf = (steps: readonly Step[]): Hunk => {
  const [first] = steps
  const [olds, news] = [steps.filter(({ op }) => op !== '+').length, steps.filter(({ op }) => op !== '-').length]
  return {
    old_start: olds === 0 ? (first?.old ?? 0) : (first?.old ?? 0) + 1,
    old_lines: olds,
    new_start: news === 0 ? (first?.new ?? 0) : (first?.new ?? 0) + 1,
    new_lines: news,
    lines: steps.map(shown),
  }
}

// How many lines stand the same at the beginning and at the end of both.
const sameEnds = (a: readonly string[], b: readonly string[]): number => {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  return head + tail
}

/** What changed between two texts, line by line; no hunks where that is more than the budget allows to show. */
export const lineDiff = (before: string, after: string, budget: DiffBudget): LineDiff => {
  const [a, b] = [linesOf(before), linesOf(after)]
  const same = sameEnds(a, b)
  const cells = (a.length - same) * (b.length - same)
  if (a.length + b.length > MOST_LINES || cells > budget.cells)
    return { added: b.length - same, removed: a.length - same, hunks: null }
  budget.cells -= cells
  const pairs = longestCommon(...numbered(a, b))
  const counts = { added: b.length - pairs.length, removed: a.length - pairs.length }
  const steps = stepsOf(a, b, pairs)
  const hunks = stretchesOf(steps).map(([from, to]) => hunkOf(steps.slice(from, to)))
  const characters = hunks.reduce((sum, { lines }) => sum + lines.reduce((size, line) => size + line.length, 0), 0)
  if (characters > budget.characters) return { ...counts, hunks: null }
  budget.characters -= characters
  return { ...counts, hunks }
}
