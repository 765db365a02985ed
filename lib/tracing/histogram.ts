import { durationOfBucket } from './rollup'

export type Histogram = ReadonlyMap<number, number>

export const histogramOf = (counts: Iterable<readonly [bucket: number, n: number]>): Histogram => {
  const all = new Map<number, number>()
  for (const [bucket, n] of counts) all.set(bucket, (all.get(bucket) ?? 0) + n)
  return all
}

/** The duration that a share of all stayed within, as exact as its bucket is wide. */
export const percentileOf = (histogram: Histogram, share: number): number | null => {
  const sorted = [...histogram].sort(([a], [b]) => a - b)
  const wanted = share * sorted.reduce((sum, [, n]) => sum + n, 0)
  let passed = 0
  for (const [bucket, n] of sorted) {
    passed += n
    if (n > 0 && passed >= wanted) return durationOfBucket(bucket)
  }
  return null
}
