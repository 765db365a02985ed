export type Pair = readonly [base: number, compare: number]

// Words of 30 bits, so that a sum with its carry stays a small integer.
const BITS = 30
const FULL = 2 ** BITS - 1
// Rows that are kept for the way back: 64 MB at most.
const MOST_WORDS = 16_000_000

const maskOf = (symbols: readonly number[], width: number): Map<number, Int32Array> => {
  const masks = new Map<number, Int32Array>()
  for (const [at, symbol] of symbols.entries()) {
    const mask = masks.get(symbol) ?? new Int32Array(width)
    masks.set(symbol, mask)
    const word = Math.floor(at / BITS)
    mask[word] = (mask[word] ?? 0) | (1 << (at % BITS))
  }
  return masks
}

// Crochemore and Hyyrö: a row of the table is one number of as many bits as there are columns. What it costs does not
// depend on what the sequences hold.
const rowsOf = (a: readonly number[], b: readonly number[], width: number): Int32Array => {
  const masks = maskOf(b, width)
  const rows = new Int32Array((a.length + 1) * width).fill(FULL, 0, width)
  for (const [at, symbol] of a.entries()) {
    const mask = masks.get(symbol)
    const from = at * width
    const to = from + width
    let carry = 0
    for (let word = 0; word < width; word++) {
      const value = rows[from + word] ?? 0
      const hits = mask?.[word] ?? 0
      const sum = value + (value & hits) + carry
      carry = sum >>> BITS
      rows[to + word] = (sum | (value & ~hits)) & FULL
    }
  }
  return rows
}

const walkBack = (rows: Int32Array, a: number, b: number, width: number): Pair[] => {
  const isStep = (row: number, column: number): boolean =>
    (((rows[row * width + Math.floor((column - 1) / BITS)] ?? 0) >>> ((column - 1) % BITS)) & 1) === 0
  const pairs: Pair[] = []
  let [row, column] = [a, b]
  while (row > 0 && column > 0) {
    if (!isStep(row, column)) column--
    else if (row > 1 && isStep(row - 1, column)) row--
    else pairs.push([--row, --column])
  }
  return pairs.reverse()
}

const inTable = (a: readonly number[], b: readonly number[]): Pair[] => {
  const width = Math.ceil(b.length / BITS)
  if ((a.length + 1) * width <= MOST_WORDS) return walkBack(rowsOf(a, b, width), a.length, b.length, width)
  const [halfA, halfB] = [a.length >> 1, b.length >> 1]
  const later = longestCommon(a.slice(halfA), b.slice(halfB))
  return [
    ...longestCommon(a.slice(0, halfA), b.slice(0, halfB)),
    ...later.map(([i, j]): Pair => [i + halfA, j + halfB]),
  ]
}

// What one side alone holds can be part of no answer.
const shared = (a: readonly number[], b: readonly number[], from: number, to: number): number[] => {
  const known = new Set(b)
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at).filter((at) => known.has(a[at] ?? -1))
}

// The longest sequence that both hold in their order, as pairs of places. Beyond 20,000 on both sides halves are
// compared with halves, which may miss some.
export const longestCommon = (a: readonly number[], b: readonly number[]): Pair[] => {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const rest = [shared(a, b, head, a.length - tail), shared(b, a, head, b.length - tail)] as const
  const symbols = rest.map((places, side) => places.map((at) => (side === 0 ? a : b)[at] ?? -1))
  const middle =
    rest[0].length === 0 || rest[1].length === 0
      ? []
      : inTable(symbols[0] ?? [], symbols[1] ?? []).map(([i, j]): Pair => [rest[0][i] ?? 0, rest[1][j] ?? 0])
  return [
    ...Array.from({ length: head }, (_, at): Pair => [at, at]),
    ...middle,
    ...Array.from({ length: tail }, (_, at): Pair => [a.length - tail + at, b.length - tail + at]),
  ]
}
