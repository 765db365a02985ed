import type { TextEdit } from '../contract'
import { longestCommon, type Pair } from './lcs'
import { newNumbering } from './numbering'

const MOST_TOKENS = 6_000
const MOST_LENGTH = 400_000
const KEPT = 1_500
const WORDS = /[\p{L}\p{N}_]+\s*|[^\s\p{L}\p{N}_]\s*|\s+/gu
const LINES = /[^\n]*\n|[^\n]+/g

// The work that one comparison may spend on texts, and how much of them it may show.
export type TextBudget = { cells: number; chars: number }
export const newTextBudget = (): TextBudget => ({ cells: 80_000_000, chars: 4_000_000 })

const tokensOf = (base: string, compare: string, budget: TextBudget): [string[], string[]] | null => {
  for (const unit of [WORDS, LINES]) {
    const tokens: [string[], string[]] = [base.match(unit) ?? [], compare.match(unit) ?? []]
    const cells = tokens[0].length * tokens[1].length
    if (Math.max(tokens[0].length, tokens[1].length) <= MOST_TOKENS && cells <= budget.cells) {
      budget.cells -= cells
      return tokens
    }
  }
  return null
}

const numbered = (...lists: readonly string[][]): number[][] => {
  const number = newNumbering()
  return lists.map((list) => list.map(number))
}

// The same whichever of the two is called the base.
const commonOf = (base: readonly number[], compare: readonly number[], isTurned: boolean): readonly Pair[] =>
  isTurned ? longestCommon(compare, base).map(([j, i]): Pair => [i, j]) : longestCommon(base, compare)

const isBlank = (text: string): boolean => !/[\p{L}\p{N}]/u.test(text)

// A comma or a space that happens to stand on both sides between two changes is no common ground.
const joined = (edits: readonly TextEdit[]): TextEdit[] => {
  const out: TextEdit[] = []
  const state = { removed: '', added: '' }
  const settle = () => {
    if (state.removed !== '') out.push({ op: 'delete', text: state.removed })
    if (state.added !== '') out.push({ op: 'insert', text: state.added })
    Object.assign(state, { removed: '', added: '' })
  }
  for (const [at, { op, text }] of edits.entries()) {
    if (op === 'delete') state.removed += text
    else if (op === 'insert') state.added += text
    else if (state.removed !== '' && state.added !== '' && at < edits.length - 1 && isBlank(text)) {
      state.removed += text
      state.added += text
    } else {
      settle()
      out.push({ op: 'equal', text })
    }
  }
  settle()
  return out
}

// Long stretches that are the same are shown by their ends.
const trimmed = (edit: TextEdit): TextEdit =>
  edit.op === 'equal' && edit.text.length > KEPT * 3
    ? { op: 'equal', text: `${edit.text.slice(0, KEPT)}\n […] \n${edit.text.slice(-KEPT)}` }
    : edit

const runsOf = (base: readonly string[], compare: readonly string[], pairs: readonly Pair[]): TextEdit[] => {
  const edits: TextEdit[] = []
  const add = (op: TextEdit['op'], text: string) => {
    const last = edits.at(-1)
    if (text === '') return
    if (last?.op === op) last.text += text
    else edits.push({ op, text })
  }
  let from: Pair = [0, 0]
  for (const [i, j] of [...pairs, [base.length, compare.length] as const]) {
    add('delete', base.slice(from[0], i).join(''))
    add('insert', compare.slice(from[1], j).join(''))
    add('equal', base[i] ?? '')
    from = [i + 1, j + 1]
  }
  return edits
}

// Word by word, by lines where there are too many words, and nothing where there are too many lines.
export const wordDiff = (base: string, compare: string, budget: TextBudget = newTextBudget()): TextEdit[] | null => {
  if (base.length + compare.length > MOST_LENGTH) return null
  const tokens = tokensOf(base, compare, budget)
  if (!tokens) return null
  const [a = [], b = []] = numbered(...tokens)
  const edits = joined(runsOf(...tokens, commonOf(a, b, base > compare))).map(trimmed)
  const chars = edits.reduce((sum, { text }) => sum + text.length + 20, 0)
  if (chars > budget.chars) return null
  budget.chars -= chars
  return edits
}

// How many lines one has more and less, as every tool for versions counts them.
export const lineCounts = (base: string, compare: string): { added: number; removed: number } => {
  const tokens: [string[], string[]] = [base.match(LINES) ?? [], compare.match(LINES) ?? []]
  const [a = [], b = []] = numbered(...tokens)
  const kept = commonOf(a, b, base > compare).length
  return { added: b.length - kept, removed: a.length - kept }
}
