// Which spans of a trace are counted, whatever order they came in. Pure.

export type CountedSpan = {
  spanId: string
  parentSpanId: string | null
  kind: string
  startNs: bigint
  endNs: bigint | null
  responseId: string | null
  // It says something about tokens or money.
  hasUsage: boolean
}

type Node<S> = {
  span: S
  parent: Node<S> | null
  depth: number
  isSpokenForBelow: boolean
  isRepeatedBelow: boolean
  answersBelow: (string | null)[]
}

const nodeOf = <S>(span: S): Node<S> => ({
  span,
  parent: null,
  depth: -1,
  isSpokenForBelow: false,
  isRepeatedBelow: false,
  answersBelow: [],
})

const CALLS: ReadonlySet<string> = new Set(['inference', 'embedding'])

const isCall = ({ kind }: { kind: string }): boolean => CALLS.has(kind)

const plantTree = <S extends CountedSpan>(spans: readonly S[]): Node<S>[] => {
  const nodes = spans.map(nodeOf)
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]))
  for (const node of nodes)
    node.parent = node.span.parentSpanId === null ? null : (byId.get(node.span.parentSpanId) ?? null)
  for (const node of nodes) measure(node)
  return nodes
}

// Spans that claim to be each other's ancestors stand at the top, each of them.
const cutCircle = <S>(from: Node<S>): void => {
  for (let at: Node<S> | null = from; at !== null; ) {
    const next: Node<S> | null = at.parent
    at.parent = null
    at.depth = 0
    at = next
  }
}

const measure = <S>(node: Node<S>): void => {
  const path: Node<S>[] = []
  const onPath = new Set<Node<S>>()
  for (let at: Node<S> | null = node; at !== null && at.depth < 0; at = at.parent) {
    if (onPath.has(at)) {
      cutCircle(at)
      break
    }
    onPath.add(at)
    path.push(at)
  }
  for (const step of path.reverse()) if (step.depth < 0) step.depth = step.parent === null ? 0 : step.parent.depth + 1
}

// A call around a call is the same one seen twice, unless both name their answers and the names differ.
const isSameCall = (outer: string | null, inner: string | null): boolean =>
  outer === null || inner === null || outer === inner

const MOST_NAMES = 8

// The innermost calls speak first, so what stands above knows of all below.
const passUp = <S extends CountedSpan>({ span, parent, ...node }: Node<S>): void => {
  if (parent === null) return
  parent.isSpokenForBelow ||= span.hasUsage || node.isSpokenForBelow
  if (!isCall(span) || !isCall(parent.span)) return
  const answers = span.hasUsage ? [span.responseId] : node.answersBelow
  if (answers.some((answer) => isSameCall(parent.span.responseId, answer))) parent.isRepeatedBelow = true
  parent.answersBelow.push(...answers.slice(0, MOST_NAMES - parent.answersBelow.length))
}

const endOf = ({ startNs, endNs }: CountedSpan): bigint => (endNs === null || endNs < startNs ? startNs : endNs)

const laterOf = (a: bigint, b: bigint): bigint => {
  if (a > b) return a
  return b
}

const isDeeper = <S extends CountedSpan>(a: Node<S>, b: Node<S>): boolean =>
  a.depth !== b.depth ? a.depth > b.depth : a.span.spanId > b.span.spanId

const byTime = <S extends CountedSpan>(a: Node<S>, b: Node<S>): number =>
  a.span.startNs !== b.span.startNs
    ? a.span.startNs < b.span.startNs
      ? -1
      : 1
    : a.span.spanId < b.span.spanId
      ? -1
      : 1

// Answers of one name at one time are one answer. Some upstreams call every answer the same, one after the other.
const deepestOfEach = <S extends CountedSpan>(group: readonly Node<S>[]): Node<S>[] => {
  const [first, ...others] = [...group].sort(byTime)
  if (first === undefined) return []
  const kept: Node<S>[] = []
  let held = { best: first, until: endOf(first.span) }
  for (const node of others) {
    const end = endOf(node.span)
    if (node.span.startNs < held.until)
      held = { best: isDeeper(node, held.best) ? node : held.best, until: laterOf(end, held.until) }
    else {
      kept.push(held.best)
      held = { best: node, until: end }
    }
  }
  return [...kept, held.best]
}

const withoutTwins = <S extends CountedSpan>(nodes: readonly Node<S>[]): Node<S>[] => {
  const groups = new Map<string, Node<S>[]>()
  for (const node of nodes) {
    const name = node.span.responseId
    const key = name === null || !isCall(node.span) ? ` ${node.span.spanId}` : name
    const group = groups.get(key)
    if (group) group.push(node)
    else groups.set(key, [node])
  }
  return [...groups.values()].flatMap((group) => (group.length === 1 ? group : deepestOfEach(group)))
}

// Calls of models count, seen from the innermost; what sums up others counts only where nobody below says anything.
export const countingSpans = (spans: readonly CountedSpan[]): ReadonlySet<string> => {
  const nodes = plantTree(spans)
  const speaking = nodes.filter(({ span }) => span.hasUsage)
  for (const node of [...nodes].sort((a, b) => b.depth - a.depth)) passUp(node)
  const candidates = speaking.filter((node) => (isCall(node.span) ? !node.isRepeatedBelow : !node.isSpokenForBelow))
  return new Set(withoutTwins(candidates).map(({ span }) => span.spanId))
}
