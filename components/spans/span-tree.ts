import type { SpanRow } from '@/lib/tracing/contract'

// Children whose parent never came hang below a node of their own, which no span stands for.
export const STRAYS = -1
export const STRAYS_ID = 'strays'

// A node is known by its place from top to bottom, all of them unfolded. Flat arrays, since there may be many.
export type SpanTree = {
  spans: readonly SpanRow[]
  size: number
  order: Int32Array
  depth: Uint16Array
  parent: Int32Array
  end: Int32Array
  startMs: Float64Array
  durationMs: Float64Array
  spanMs: number
  places: ReadonlyMap<string, number>
  failures: number
}

const NONE = -1
const NS_PER_MS = 1e6

type Links = { first: Int32Array; next: Int32Array; last: Int32Array }

const linksFor = (count: number): Links => ({
  first: new Int32Array(count).fill(NONE),
  next: new Int32Array(count).fill(NONE),
  last: new Int32Array(count).fill(NONE),
})

const append = ({ first, next, last }: Links, parent: number, child: number): void => {
  const before = last[parent] ?? NONE
  if (before === NONE) first[parent] = child
  else next[before] = child
  last[parent] = child
}

const timesOf = (spans: readonly SpanRow[]) => {
  const startMs = new Float64Array(spans.length)
  const durationMs = new Float64Array(spans.length)
  const zero = spans.reduce<bigint | null>((least, { start_ns: at }) => {
    const own = BigInt(at)
    return least === null || own < least ? own : least
  }, null)
  let spanMs = 0
  spans.forEach(({ start_ns: start, end_ns: end }, at) => {
    const began = Number(BigInt(start) - (zero ?? 0n)) / NS_PER_MS
    const took = end === null ? Number.NaN : Number(BigInt(end) - BigInt(start)) / NS_PER_MS
    startMs[at] = began
    durationMs[at] = took
    spanMs = Math.max(spanMs, began + (Number.isNaN(took) ? 0 : took))
  })
  return { startMs, durationMs, spanMs: Math.max(spanMs, 0.001) }
}

type Walk = { links: Links; tree: SpanTree; seen: Uint8Array }

// Without recursion: a chain may be as long as the trace. Whoever was met before is left out, so a circle ends.
const walkFrom = ({ links, tree, seen }: Walk, root: number, above: number): void => {
  const { order, depth, parent, end } = tree
  const stack = [root, above]
  const open: number[] = []
  while (stack.length > 0) {
    const up = stack.pop() ?? NONE
    const node = stack.pop() ?? NONE
    if (node === NONE || seen[node]) continue
    while (open.length > 0 && open.at(-1) !== up) end[open.pop() ?? 0] = tree.size
    const place = tree.size++
    seen[node] = 1
    order[place] = node
    parent[place] = up
    depth[place] = up === NONE ? 0 : (depth[up] ?? 0) + 1
    open.push(place)
    const sibling = links.next[node] ?? NONE
    if (sibling !== NONE && node !== root) stack.push(sibling, up)
    const child = links.first[node] ?? NONE
    if (child !== NONE) stack.push(child, place)
  }
  while (open.length > 0) end[open.pop() ?? 0] = tree.size
}

const linked = (spans: readonly SpanRow[]) => {
  const index = new Map<string, number>()
  spans.forEach(({ id }, at) => void (index.has(id) || index.set(id, at)))
  const adopter = spans.findIndex(({ is_synthetic: made, flags }) => made && flags.includes('root_missing'))
  const links = linksFor(spans.length)
  const roots: number[] = []
  const strays: number[] = []
  spans.forEach(({ parent_id: parentId }, at) => {
    const found = parentId === null ? NONE : (index.get(parentId) ?? adopter)
    if (found !== NONE && found !== at) append(links, found, at)
    else if (parentId === null) roots.push(at)
    else strays.push(at)
  })
  return { links, roots, strays }
}

const emptyTree = (spans: readonly SpanRow[]): SpanTree => ({
  spans,
  size: 0,
  order: new Int32Array(spans.length + 1),
  depth: new Uint16Array(spans.length + 1),
  parent: new Int32Array(spans.length + 1).fill(NONE),
  end: new Int32Array(spans.length + 1),
  ...timesOf(spans),
  places: new Map(),
  failures: spans.reduce((count, { status }) => count + (status === 'error' ? 1 : 0), 0),
})

// Strays, and circles, which no root leads to.
const gatherStrays = (walk: Walk, strays: readonly number[]): void => {
  const { tree, seen } = walk
  const group = tree.size++
  tree.order[group] = STRAYS
  for (const stray of strays) walkFrom(walk, stray, group)
  seen.forEach((isMet, at) => void (isMet || walkFrom(walk, at, group)))
  tree.end[group] = tree.size
}

// Spans come by their start; siblings keep that order. Each is met once: as long as the list, no longer.
export const buildTree = (spans: readonly SpanRow[]): SpanTree => {
  const tree = emptyTree(spans)
  const { links, roots, strays } = linked(spans)
  const walk = { links, tree, seen: new Uint8Array(spans.length) }
  for (const root of roots) walkFrom(walk, root, NONE)
  if (walk.seen.includes(0)) gatherStrays(walk, strays)
  const places = new Map<string, number>()
  for (let place = 0; place < tree.size; place++) places.set(idAt(tree, place), place)
  return { ...tree, places }
}

export const spanAt = (tree: SpanTree, place: number): SpanRow | null => tree.spans[tree.order[place] ?? NONE] ?? null

export const idAt = (tree: SpanTree, place: number): string => spanAt(tree, place)?.id ?? STRAYS_ID

// How many nodes stand below this one.
export const below = (tree: SpanTree, place: number): number => (tree.end[place] ?? place + 1) - place - 1

// Places that are in sight while these are folded.
export const visiblePlaces = (tree: SpanTree, folded: ReadonlySet<string>): Int32Array => {
  const places = new Int32Array(tree.size)
  let count = 0
  for (let place = 0; place < tree.size; ) {
    places[count++] = place
    place = folded.has(idAt(tree, place)) ? Math.max(tree.end[place] ?? 0, place + 1) : place + 1
  }
  return places.subarray(0, count)
}

// The row that shows a place, or the folded node above that hides it. Rows are sorted, so it is found by halves.
export const rowOf = (rows: Int32Array, place: number): number => {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rows[middle] ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}

export const nextFailure = (tree: SpanTree, from: number): number | null => {
  for (let step = 1; step <= tree.size; step++) {
    const place = (from + step) % tree.size
    if (spanAt(tree, place)?.status === 'error') return place
  }
  return null
}

export const idsAbove = (tree: SpanTree, place: number): string[] => {
  const ids: string[] = []
  for (let up = tree.parent[place] ?? NONE; up !== NONE; up = tree.parent[up] ?? NONE) ids.push(idAt(tree, up))
  return ids
}
