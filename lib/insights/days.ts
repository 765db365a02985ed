import { dateOf } from '@/lib/core/clock'

export const DAY_MS = 86_400_000

export type Days = { start: Date; end: Date; names: readonly string[] }

export const dayName = (ms: number): string => dateOf(ms).toISOString().slice(0, 10)

export const startOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS

/** Whole days of UTC; the one that runs is the last. The end does not belong to them. */
export const lastDays = (now: Date, count: number): Days => {
  const end = startOfDay(now.getTime()) + DAY_MS
  const start = end - count * DAY_MS
  return {
    start: dateOf(start),
    end: dateOf(end),
    names: Array.from({ length: count }, (_, at) => dayName(start + at * DAY_MS)),
  }
}

export const monthOf = (now: Date): { start: Date; end: Date } => ({
  start: dateOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)),
  end: dateOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)),
})
