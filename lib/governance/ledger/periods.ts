import { dateOf } from '@/lib/core/clock'
import { type LocalDay, localOf, offsetAt } from './zone'

// Days, weeks and months of a time zone. A day begins with the first moment whose date there is its own: where the clock
// jumps over midnight, later; where midnight comes twice, the first time.
export type Rolling = 'daily' | 'weekly' | 'monthly'
export type Period = { start: Date; end: Date }

const DAY_MS = 86_400_000
const SECOND_MS = 1_000
// No zone is, or ever was, further than this from the sun.
const FAR_MS = 16 * 3_600_000

const dayNumber = ({ year, month, day }: LocalDay): number => Date.UTC(year, month - 1, day) / DAY_MS

const dayOf = (days: number): LocalDay => {
  const date = dateOf(days * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

// The first moment in between that is past this midnight. The clock jumps over it there, so it is passed only once.
const jumpOver = (zone: string, midnight: number, before: number, after: number): number => {
  let [low, high] = [Math.floor(before / SECOND_MS), Math.ceil(after / SECOND_MS)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const at = middle * SECOND_MS
    if (at + offsetAt(zone, at) >= midnight) high = middle
    else low = middle
  }
  return high * SECOND_MS
}

const startOfDay = (zone: string, days: number): number => {
  const midnight = days * DAY_MS
  const offsets = [midnight - FAR_MS, midnight - FAR_MS / 2, midnight, midnight + FAR_MS / 2, midnight + FAR_MS]
    .map((at) => offsetAt(zone, at))
    .sort((a, b) => b - a)
  const found = offsets.map((offset) => midnight - offset).find((at) => at + offsetAt(zone, at) === midnight)
  return found ?? jumpOver(zone, midnight, midnight - FAR_MS, midnight + FAR_MS)
}

const MONDAY = 4
const WEEK = 7

const firstDay = (kind: Rolling, day: LocalDay): number => {
  if (kind === 'monthly') return dayNumber({ ...day, day: 1 })
  const days = dayNumber(day)
  return kind === 'daily' ? days : days - ((((days - MONDAY) % WEEK) + WEEK) % WEEK)
}

const nextDay = (kind: Rolling, days: number): number => {
  if (kind === 'daily') return days + 1
  if (kind === 'weekly') return days + WEEK
  const { year, month } = dayOf(days)
  return Date.UTC(year, month, 1) / DAY_MS
}

/** The period that a moment lies in: it begins at `start` and is over at `end`. */
export const periodAt = (kind: Rolling, zone: string, at: Date): Period => {
  let first = firstDay(kind, localOf(zone, at.getTime()))
  let next = nextDay(kind, first)
  // A clock that is set back over midnight shows the day before once more.
  while (startOfDay(zone, next) <= at.getTime()) [first, next] = [next, nextDay(kind, next)]
  return { start: dateOf(startOfDay(zone, first)), end: dateOf(startOfDay(zone, next)) }
}

const MOST_PASSED = 400

/** The whole periods between one that is over and the one that a moment lies in, the latest of them. */
export const passedBetween = (kind: Rolling, zone: string, from: Date, until: Date): Period[] => {
  const passed: Period[] = []
  let before = until
  while (before > from && passed.length < MOST_PASSED) {
    const period = periodAt(kind, zone, dateOf(before.getTime() - 1))
    const start = period.start > from ? period.start : from
    passed.unshift({ start, end: before })
    before = period.start
  }
  return passed
}
