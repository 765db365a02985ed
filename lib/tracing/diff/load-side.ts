import type { Scope } from '@/lib/core/scope'
import { keepsSteps } from '../integrity'
import { readKnown } from '../list-spans'
import { isOpenState } from '../pause-run'
import { type Json, offeredIn, parse } from '../present'
import { presentSummary } from '../present-summary'
import { readInputs } from '../recorded'
import { chargesOf } from '../span-of-run'
import type { StoredSpan } from '../span-row'
import { readSlots } from '../span-shelf'
import type { StoredTrace } from '../store'
import { findSpansOf } from '../store-diff'
import { classOf } from './compare-pair'
import type { DiffSide } from './diff-side'
import { givenOfRun, givenOfSpans, givenSlots } from './given'
import type { DiffNode, Match } from './node'
import { nodesOfRun } from './run-nodes'
import { nodesOfSpans, placeSpans, readNode, slotsOf } from './span-nodes'

// `spans` stand beside the nodes of somebody else's run: their contents are read only where they matter.
export type Loaded = { side: DiffSide; spans: readonly StoredSpan[] | null; words: readonly string[] }

const NO_NOTES = { labels: {}, annotations: {}, factors: [] }

const headOf = (row: StoredTrace, isOpen: boolean): Omit<DiffSide, 'given' | 'output' | 'nodes'> => {
  const { error, tokens, skill_versions: skillVersions } = presentSummary(row, NO_NOTES, isOpen)
  return {
    id: row.id,
    tenantId: row.tenantId,
    workspaceId: row.workspaceId,
    agentRole: row.agentRole,
    isPartial: isOpenState(row.status),
    durationMs: row.durationMs,
    model: row.model,
    provider: row.provider,
    workspaceHash: row.workspaceHash,
    skillVersions,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    costMicroUsd: Number(row.costMicroUsd),
    stepCount: keepsSteps(row.origin) ? row.steps.length : row.spanCount,
    hasError: row.status === 'error' || row.status === 'timeout' || row.error !== null,
    error,
  }
}

const propertiesIn = (schema: unknown, found: Set<string>): void => {
  if (schema === null || typeof schema !== 'object') return
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties' && value !== null && typeof value === 'object')
      for (const name of Object.keys(value)) found.add(name)
    propertiesIn(value, found)
  }
}

// Names that tools ask for; any other one was chosen by a model.
const wordsIn = (tools: Iterable<unknown>): string[] => {
  const found = new Set<string>()
  for (const tool of tools) propertiesIn(tool, found)
  return [...found]
}

const messageOf = (outcome: Json): string | null => (typeof outcome['message'] === 'string' ? outcome['message'] : null)

const loadRun = async (scope: Scope, row: StoredTrace, isOpen: boolean): Promise<Loaded> => {
  const inputs = await readInputs(scope, row.content?.inputs)
  const given = givenOfRun(inputs)
  const side = {
    ...headOf(row, isOpen),
    given,
    output: messageOf(parse(row.content?.outcome)),
    nodes: nodesOfRun(row.steps, isOpen ? null : offeredIn(inputs), await chargesOf(scope, row.id)),
  }
  return { side, spans: null, words: wordsIn(given?.tools.values() ?? []) }
}

// The last thing that a model said.
const lastWords = (spans: readonly StoredSpan[]): StoredSpan | undefined =>
  spans.findLast(({ kind, content }) => kind === 'inference' && (content.output?.length ?? 0) > 0)

const loadSpans = async (scope: Scope, row: StoredTrace, isOpen: boolean): Promise<Loaded> => {
  const placed = placeSpans(await findSpansOf(scope.db, row.id))
  const spans = placed.map(({ span }) => span)
  const last = lastWords(spans)
  const read = await readSlots(scope, [...givenSlots(spans), ...(last ? slotsOf(last) : [])])
  const nodes = nodesOfSpans(placed, isOpen ? null : await readKnown(scope, row.id))
  const at = last ? spans.indexOf(last) : -1
  const node = nodes[at]
  const said = last && node ? readNode(node, last, read).body?.text : undefined
  const given = givenOfSpans(spans, read)
  const head = headOf(row, isOpen)
  const isPartial = head.isPartial || row.spanCount > spans.length
  const side = { ...head, isPartial, given, output: said ?? null, nodes }
  return { side, spans, words: wordsIn(given?.tools.values() ?? []) }
}

export const loadSide = (scope: Scope, row: StoredTrace, isOpen: boolean): Promise<Loaded> =>
  keepsSteps(row.origin) ? loadRun(scope, row, isOpen) : loadSpans(scope, row, isOpen)

const MOST_READ = 10_000

const differing = (base: DiffSide, compare: DiffSide, matches: readonly Match[]): { base: number; compare: number }[] =>
  matches
    .flatMap(({ base: i, compare: j }) => {
      const [a, b] = [base.nodes[i ?? -1], compare.nodes[j ?? -1]]
      return i !== null && j !== null && a && b && classOf(a, b) !== null ? [{ base: i, compare: j }] : []
    })
    .slice(0, MOST_READ)

const withContents = async (scope: Scope, { side, spans }: Loaded, wanted: readonly number[]): Promise<DiffSide> => {
  if (spans === null) return side
  const read = await readSlots(
    scope,
    wanted.flatMap((at) => (spans[at] ? slotsOf(spans[at]) : [])),
  )
  const nodes: DiffNode[] = [...side.nodes]
  for (const at of wanted) {
    const [node, span] = [nodes[at], spans[at]]
    if (node && span) nodes[at] = readNode(node, span, read)
  }
  return { ...side, nodes }
}

// The contents of steps that stand against one another and differ: the first 10,000 of them.
export const readDiffering = async (
  scope: Scope,
  base: Loaded,
  compare: Loaded,
  matches: readonly Match[],
): Promise<[DiffSide, DiffSide]> => {
  if (base.spans === null && compare.spans === null) return [base.side, compare.side]
  const pairs = differing(base.side, compare.side, matches)
  return [
    await withContents(
      scope,
      base,
      pairs.map((pair) => pair.base),
    ),
    await withContents(
      scope,
      compare,
      pairs.map((pair) => pair.compare),
    ),
  ]
}
