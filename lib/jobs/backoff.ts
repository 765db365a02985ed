export type Backoff = (attempt: number) => number

const DAY_MS = 86_400_000

export const exponential =
  (firstMs: number, mostMs: number): Backoff =>
  (attempt) =>
    Math.min(firstMs * 2 ** Math.max(0, attempt - 1), mostMs)

// One wait per attempt, the last of them for all that follow.
export const steps =
  (...waitsMs: readonly number[]): Backoff =>
  (attempt) =>
    waitsMs[Math.min(Math.max(attempt, 1), waitsMs.length) - 1] ?? DAY_MS

export const defaultBackoff = exponential(1_000, 300_000)

// Between four fifths and six fifths: what failed together does not come back together.
export const withJitter = (ms: number, random: () => number): number => Math.round(ms * (0.8 + 0.4 * random()))
