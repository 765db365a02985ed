import { stableJson } from '@/lib/shared/stable-json'
import { NAMELESS } from '../present'
import { shownName } from '../shown-name'
import type { Slot } from '../span-record'
import { sumOfBuckets } from '../span-record'
import type { StoredSpan } from '../span-row'
import type { Reader } from '../span-shelf'
import { keyOf } from './content-key'
import type { DiffBody, DiffNode } from './node'

// What a slot holds can be told apart by its name, without reading it.
const slotKey = (slot: Slot | undefined): string | null =>
  slot === undefined ? null : typeof slot === 'string' ? slot : stableJson(slot)

const slotsKey = (slots: readonly Slot[] | undefined): string | null =>
  slots === undefined || slots.length === 0 ? null : slots.map(slotKey).join('|')

const childrenByParent = (spans: readonly StoredSpan[]): Map<string | null, StoredSpan[]> => {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const children = new Map<string | null, StoredSpan[]>()
  for (const span of spans) {
    const parent = span.parentSpanId !== null && known.has(span.parentSpanId) ? span.parentSpanId : null
    const list = children.get(parent)
    if (list) list.push(span)
    else children.set(parent, [span])
  }
  return children
}

// Siblings that overlap all of those before them in their group ran side by side.
const groupsOf = (siblings: readonly StoredSpan[], first: number): Map<string, number> => {
  const groups = new Map<string, number>()
  let [group, until] = [first, -1n]
  for (const { spanId, startNs, endNs } of siblings) {
    const end = endNs ?? startNs
    if (startNs >= until) group++
    until = startNs >= until || end < until ? end : until
    groups.set(spanId, group)
  }
  return groups
}

type Placed = { span: StoredSpan; parent: number; group: number }

// Parents first, siblings by their start. Spans that name one another as parents hang below nothing.
export const placeSpans = (spans: readonly StoredSpan[]): Placed[] => {
  const children = childrenByParent(spans)
  const placed: Placed[] = []
  const seen = new Set<string>()
  let groups = 0
  const walk = (roots: readonly StoredSpan[]): void => {
    const open: Placed[] = []
    const push = (siblings: readonly StoredSpan[], parent: number) => {
      const own = groupsOf(siblings, groups)
      groups += siblings.length + 1
      for (const span of siblings.toReversed()) open.push({ span, parent, group: own.get(span.spanId) ?? 0 })
    }
    push(roots, -1)
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next.span.spanId)) continue
      seen.add(next.span.spanId)
      placed.push(next)
      push(children.get(next.span.spanId) ?? [], placed.length - 1)
    }
  }
  walk(children.get(null) ?? [])
  for (const span of spans) if (!seen.has(span.spanId)) walk([span])
  return placed
}

const NANO_PER_MILLI = 1_000_000n
const NANO_PER_MICRO = 1_000n

const millis = ({ startNs, endNs }: StoredSpan): number =>
  endNs === null ? 0 : Number((endNs - startNs) / NANO_PER_MILLI)

const tokensOf = ({ usage, isCounting }: StoredSpan): { inputTokens: number; outputTokens: number } => {
  if (usage === null || !isCounting) return { inputTokens: 0, outputTokens: 0 }
  const inputTokens = (usage.inUncached ?? 0) + (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0) + (usage.audioIn ?? 0)
  return { inputTokens, outputTokens: sumOfBuckets(usage) - inputTokens }
}

const costOf = ({ isCounting, givenNanoUsd, computedNanoUsd }: StoredSpan): number =>
  isCounting ? Number((givenNanoUsd ?? computedNanoUsd ?? 0n) / NANO_PER_MICRO) : 0

const factsOf = (span: StoredSpan): DiffNode['facts'] => ({
  ...(span.kind === 'inference' ? { model: span.responseModel ?? span.requestModel, provider: span.provider } : {}),
  ...(span.errorType === null ? {} : { error_type: span.errorType }),
})

const nameOf = (span: StoredSpan): string => {
  if (span.kind === 'tool') return span.toolName ?? span.name
  return span.kind === 'inference' ? (span.responseModel ?? span.requestModel ?? span.name) : span.name
}

type Names = ReadonlySet<string> | null

// What readers are told who may not see texts: `known` is null for all others.
const labelOf = (span: StoredSpan, known: Names): string => {
  const name = nameOf(span)
  if (known === null) return name
  const isTold = span.kind !== 'tool' || known.has(name) || (span.toolName === null && span.status !== 'error')
  return isTold ? shownName(name, span.kind === 'tool' ? NAMELESS : span.kind) : NAMELESS
}

// The spans of somebody else's run. Their contents are told apart by name; `readNode` puts them in where they matter.
export const nodesOfSpans = (placed: readonly Placed[], known: Names): DiffNode[] =>
  placed.map(({ span, parent, group }, at) => {
    const { content, kind } = span
    const isModel = kind === 'inference'
    return {
      spanId: span.spanId,
      parent,
      kind,
      name: nameOf(span),
      label: labelOf(span, known),
      status: span.status === 'error' ? 'error' : 'ok',
      group,
      isRetry: false,
      keys: {
        arguments: isModel ? null : slotKey(content.arguments ?? content.raw_input),
        result: isModel ? null : slotKey(content.result ?? content.raw_output),
        text: isModel ? (slotsKey(content.output) ?? slotKey(content.raw_output)) : null,
      },
      body: null,
      facts: factsOf(span),
      callId: known === null ? span.toolCallId : String(at + 1),
      durationMs: millis(span),
      costMicroUsd: costOf(span),
      ...tokensOf(span),
    }
  })

export const slotsOf = ({ content, kind }: StoredSpan): (Slot | undefined)[] =>
  kind === 'inference'
    ? [...(content.output ?? []), content.raw_output]
    : [content.arguments ?? content.raw_input, content.result ?? content.raw_output]

type Part = { type?: unknown; content?: unknown }

// The words of a message; calls of tools stand as steps of their own.
export const wordsOf = (message: unknown): string[] => {
  const parts = (message as { parts?: unknown } | null)?.parts
  if (!Array.isArray(parts)) return []
  return (parts as Part[]).flatMap(({ type, content }) =>
    type === 'text' && typeof content === 'string' ? [content] : [],
  )
}

const textOf = ({ content }: StoredSpan, read: Reader): string | undefined => {
  if (content.output && content.output.length > 0)
    return content.output.flatMap((slot) => wordsOf(read(slot))).join('\n')
  if (content.raw_output === undefined) return undefined
  const raw = read(content.raw_output)
  return typeof raw === 'string' ? raw : stableJson(raw ?? null)
}

// The node with its contents, told apart by what they say.
export const readNode = (node: DiffNode, span: StoredSpan, read: Reader): DiffNode => {
  if (span.kind === 'inference') {
    const text = textOf(span, read)
    return { ...node, body: text === undefined ? {} : { text }, keys: { ...node.keys, text: keyOf(text) } }
  }
  const [called, came] = slotsOf(span).map((slot) => (slot === undefined ? undefined : read(slot)))
  const body: DiffBody = { arguments: called, result: came }
  return { ...node, body, keys: { ...node.keys, arguments: keyOf(called), result: keyOf(came) } }
}
