export type Share = { hits: number; of: number }

export type Difference = { difference: number; low: number; high: number }

// Of the standard normal distribution, for 95 in a hundred.
const Z = 1.959963984540054
export const CONFIDENCE = 0.95

const wilson = ({ hits, of }: Share): { rate: number; low: number; high: number } => {
  const rate = hits / of
  const z2 = Z * Z
  const centre = (rate + z2 / (2 * of)) / (1 + z2 / of)
  const half = (Z / (1 + z2 / of)) * Math.sqrt((rate * (1 - rate)) / of + z2 / (4 * of * of))
  return { rate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/**
 * How much more often `other` hits than `first`, and between which bounds that lies, after Newcombe's hybrid score: it
 * holds for few runs and for rates at the edge too, where the textbook interval says zero. Null where nothing is known.
 */
export const differenceOf = (first: Share, other: Share): Difference | null => {
  if (first.of === 0 || other.of === 0) return null
  const [a, b] = [wilson(first), wilson(other)]
  const difference = b.rate - a.rate
  return {
    difference,
    low: difference - Math.hypot(b.rate - b.low, a.high - a.rate),
    high: difference + Math.hypot(b.high - b.rate, a.rate - a.low),
  }
}
