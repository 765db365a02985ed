import type { Change, TextEdit } from '../contract'
import { jsonChanges } from './json-changes'
import type { DiffNode } from './node'
import { type TextBudget, wordDiff } from './word-diff'

export type DivergenceClass = 'structural' | 'decision' | 'wording'

// Kinds whose input was chosen by a model.
const CHOSEN = new Set(['tool', 'retrieval', 'embedding', 'rerank', 'memory', 'skill'])

const differs = (base: DiffNode, compare: DiffNode, key: keyof DiffNode['keys']): boolean =>
  base.keys[key] !== compare.keys[key]

const hasOtherFacts = (base: DiffNode, compare: DiffNode): boolean =>
  [...new Set([...Object.keys(base.facts), ...Object.keys(compare.facts)])].some(
    (key) => (base.facts[key] ?? null) !== (compare.facts[key] ?? null),
  )

// What two steps that stand against one another differ in at worst; null where it is nothing.
export const classOf = (base: DiffNode, compare: DiffNode): DivergenceClass | null => {
  if (base.name !== compare.name && base.kind !== 'inference')
    return CHOSEN.has(base.kind) || base.kind === 'decision' ? 'decision' : 'structural'
  if (differs(base, compare, 'arguments') && CHOSEN.has(base.kind)) return 'decision'
  if (base.status !== compare.status) return 'structural'
  const isOther =
    differs(base, compare, 'arguments') || differs(base, compare, 'result') || differs(base, compare, 'text')
  return isOther || hasOtherFacts(base, compare) ? 'wording' : null
}

const MOST_CHANGES = 100

const parsed = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

type Told = { changes: Change[]; changes_cut: boolean; text_diff?: TextEdit[] }

const bare = (path: string, base: string | null, compare: string | null): Change => ({
  path,
  op: base === null ? 'added' : compare === null ? 'removed' : 'changed',
})

// Contents that were not loaded are still told to differ.
const valueChanges = (base: DiffNode, compare: DiffNode, key: 'arguments' | 'result') => {
  if (!differs(base, compare, key)) return { changes: [], isCut: false }
  const values = [base, compare].map((node) => parsed(node.body?.[key]))
  if (base.body === null || compare.body === null)
    return { changes: [bare(`$.${key}`, base.keys[key], compare.keys[key])], isCut: false }
  return jsonChanges(values[0], values[1], `$.${key}`, MOST_CHANGES)
}

const textsOf = (base: DiffNode, compare: DiffNode): [string, string] | null => {
  if (differs(base, compare, 'text')) return [base.body?.text ?? '', compare.body?.text ?? '']
  const results = [parsed(base.body?.result), parsed(compare.body?.result)]
  const [a, b] = results
  return differs(base, compare, 'result') && isText(a) && isText(b) ? [a, b] : null
}

const statusChange = (base: DiffNode, compare: DiffNode): Change[] =>
  base.status === compare.status
    ? []
    : [{ path: '$.status', op: 'changed', base: base.status, compare: compare.status }]

const nameChange = (base: DiffNode, compare: DiffNode): Change[] =>
  base.name === compare.name || base.kind === 'inference'
    ? []
    : [{ path: '$.name', op: 'changed', base: base.label, compare: compare.label }]

const FEW = 5

// Where much was shown already, the paths of the first few must do.
const within = (told: Told, budget: TextBudget): Told => {
  const size = JSON.stringify(told.changes).length
  if (size <= budget.chars) {
    budget.chars -= size
    return told
  }
  const changes = told.changes.slice(0, FEW).map(({ path, op }) => ({ path, op }))
  return { ...told, changes, changes_cut: true }
}

// Everything that differs between two steps. Values are left out where the reader may not see them: see `withhold`.
export const tellPair = (base: DiffNode, compare: DiffNode, budget: TextBudget): Told => {
  const called = valueChanges(base, compare, 'arguments')
  const came = valueChanges(base, compare, 'result')
  const facts = jsonChanges(base.facts, compare.facts)
  const texts = textsOf(base, compare)
  const words = texts === null ? null : wordDiff(texts[0], texts[1], budget)
  const spoken = differs(base, compare, 'text') ? [bare('$.text', base.keys.text, compare.keys.text)] : []
  const told = {
    changes: [
      ...nameChange(base, compare),
      ...statusChange(base, compare),
      ...called.changes,
      ...came.changes,
      ...spoken,
      ...facts.changes,
    ],
    changes_cut: called.isCut || came.isCut,
  }
  return { ...within(told, budget), ...(words === null ? {} : { text_diff: words }) }
}
