export type Interval = { low: number; high: number }

const Z95 = 1.959963984540054
const SAMPLES = 1_000

/** Of a share of n, where few or none or all of them are counted too. */
export const wilson = (share: number, n: number): Interval => {
  if (n <= 0) return { low: 0, high: 1 }
  const z2 = Z95 * Z95
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n)
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

// The same numbers on every machine, so that two readings of one evaluation agree.
export const randomOf = (seed: number): (() => number) => {
  const state = { value: seed >>> 0 }
  return () => {
    state.value = (state.value + 0x6d2b79f5) >>> 0
    let mixed = state.value
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const quantile = (sorted: readonly number[], at: number): number => {
  const place = at * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
  return low + (high - low) * (place - Math.floor(place))
}

export const SEED = 20_260_101
const MOST_DRAWS = 2_000_000

const samplesFor = (rows: number): number => Math.max(200, Math.min(SAMPLES, Math.floor(MOST_DRAWS / rows)))

/** Percentile bootstrap of whatever is computed from rows drawn anew. */
export const bootstrap = <T>(
  rows: readonly T[],
  of: (drawn: readonly T[]) => number | null,
  seed = SEED,
): Interval | null => {
  if (rows.length === 0) return null
  const random = randomOf(seed)
  const samples = samplesFor(rows.length)
  const found: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const drawn = rows.map(() => rows[Math.floor(random() * rows.length)] as T)
    const value = of(drawn)
    if (value !== null) found.push(value)
  }
  if (found.length < samples / 2) return null
  found.sort((a, b) => a - b)
  return { low: quantile(found, 0.025), high: quantile(found, 0.975) }
}

/** The same for the mean of numbers, without making each sample. */
export const bootstrapOfMean = (values: readonly number[], seed = SEED): Interval | null => {
  const n = values.length
  if (n === 0) return null
  const random = randomOf(seed)
  const own = Float64Array.from(values)
  const found = new Float64Array(samplesFor(n))
  for (let sample = 0; sample < found.length; sample++) {
    let sum = 0
    for (let draw = 0; draw < n; draw++) sum += own[Math.floor(random() * n)] ?? 0
    found[sample] = sum / n
  }
  const sorted = [...found.sort()]
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }
}

const logFactorials = (n: number): number[] => {
  const all = [0]
  for (let i = 1; i <= n; i++) all.push((all[i - 1] ?? 0) + Math.log(i))
  return all
}

/** Exact McNemar: how probable so lopsided a change is where nothing changed but chance. */
export const mcNemar = (worse: number, better: number): number => {
  const n = worse + better
  if (n === 0) return 1
  const logs = logFactorials(n)
  const log = (k: number): number => (logs[n] ?? 0) - (logs[k] ?? 0) - (logs[n - k] ?? 0) - n * Math.LN2
  let tail = 0
  for (let k = 0; k <= Math.min(worse, better); k++) tail += Math.exp(log(k))
  return Math.min(1, 2 * tail)
}
