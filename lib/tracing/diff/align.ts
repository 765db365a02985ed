import type { Alignment } from '../contract'
import { classOf, tellPair } from './compare-pair'
import { matchNodes } from './match-nodes'
import type { DiffNode, Match } from './node'
import { newTextBudget, type TextBudget } from './word-diff'

export type Aligned = { match: Match; item: Alignment }

type Nodes = {
  base: readonly DiffNode[]
  compare: readonly DiffNode[]
  depths: { base: readonly number[]; compare: readonly number[] }
}

const deltaOf = (base: DiffNode | undefined, compare: DiffNode | undefined): Alignment['delta'] =>
  base && compare
    ? {
        duration_ms: compare.durationMs - base.durationMs,
        cost_micro_usd: compare.costMicroUsd - base.costMicroUsd,
        input_tokens: compare.inputTokens - base.inputTokens,
        output_tokens: compare.outputTokens - base.outputTokens,
      }
    : null

type Verdict = Pick<Alignment, 'op' | 'class'>

const single = (match: Match, op: 'inserted' | 'deleted'): Verdict =>
  match.isRetry ? { op: 'retry' } : { op, class: 'structural' }

const verdictOf = (match: Match, base: DiffNode | undefined, compare: DiffNode | undefined): Verdict => {
  if (!compare) return single(match, 'deleted')
  if (!base) return single(match, 'inserted')
  if (!match.isInOrder && !match.isReordered) return { op: 'moved', class: 'structural' }
  const found = classOf(base, compare)
  return found === null ? { op: 'equal' } : { op: 'changed', class: found }
}

const NOTHING = { changes: [], changes_cut: false }

const itemOf = (nodes: Nodes, match: Match, budget: TextBudget): Alignment => {
  const base = match.base === null ? undefined : nodes.base[match.base]
  const compare = match.compare === null ? undefined : nodes.compare[match.compare]
  const node = base ?? compare
  const verdict = verdictOf(match, base, compare)
  const told = base && compare && verdict.op !== 'equal' ? tellPair(base, compare, budget) : NOTHING
  return {
    ...verdict,
    base_index: match.base,
    compare_index: match.compare,
    base_span_id: base?.spanId ?? null,
    compare_span_id: compare?.spanId ?? null,
    kind: node?.kind ?? '',
    label: node?.label ?? '',
    compare_label: base && compare && base.label !== compare.label ? compare.label : null,
    depth: (match.base === null ? nodes.depths.compare[match.compare ?? 0] : nodes.depths.base[match.base]) ?? 0,
    is_reordered: match.isReordered,
    base_status: base?.status ?? null,
    compare_status: compare?.status ?? null,
    ...told,
    delta: deltaOf(base, compare),
  }
}

const depthsOf = (nodes: readonly DiffNode[]): readonly number[] => {
  const found: number[] = []
  for (const { parent } of nodes) found.push(parent < 0 ? 0 : (found[parent] ?? 0) + 1)
  return found
}

// In the order of the base; what only the other has stands before the next step that both have.
const inReadingOrder = (matches: readonly Match[]): Match[] => {
  const waiting = matches.filter(({ base }) => base === null).sort((a, b) => (a.compare ?? 0) - (b.compare ?? 0))
  const standing = matches.filter(({ base }) => base !== null).sort((a, b) => (a.base ?? 0) - (b.base ?? 0))
  const out: Match[] = []
  let next = 0
  for (const match of standing) {
    while (match.isInOrder && match.compare !== null && (waiting[next]?.compare ?? Infinity) < match.compare)
      out.push(...waiting.slice(next, ++next))
    out.push(match)
  }
  return [...out, ...waiting.slice(next)]
}

export const alignSteps = (
  base: readonly DiffNode[],
  compare: readonly DiffNode[],
  matches: readonly Match[] = matchNodes(base, compare),
): Aligned[] => {
  const budget = newTextBudget()
  const nodes = { base, compare, depths: { base: depthsOf(base), compare: depthsOf(compare) } }
  return inReadingOrder(matches).map((match) => ({ match, item: itemOf(nodes, match, budget) }))
}
