import { dateOf } from '@/lib/core/clock'
import type { StatsPoint } from './contract'
import { percentileOf } from './histogram'
import type { Group } from './store-stats'
import { byStatus, histogramIn, shownSums, sumOf } from './sums'

export type Width = 'hour' | 'day'

const MS = { hour: 3_600_000, day: 86_400_000 } as const
const REST = { hour: ':00:00.000Z', day: 'T00:00:00.000Z' } as const
const MOST_POINTS = 1_000
const HOURS_UP_TO_MS = 7 * MS.day

type Window = { start: Date | null; end: Date }

export const widthOf = ({ start, end }: Window): Width =>
  start !== null && end.getTime() - start.getTime() <= HOURS_UP_TO_MS ? 'hour' : 'day'

const beginOf = (ms: number, width: Width): number => Math.floor(ms / MS[width]) * MS[width]

const timesOf = ({ start, end }: Window, first: number | null, width: Width): number[] => {
  const last = beginOf(end.getTime(), width)
  const from = start === null ? (first ?? last) : beginOf(start.getTime(), width)
  const begin = Math.max(from, last - (MOST_POINTS - 1) * MS[width])
  const count = Math.max(0, Math.floor((last - begin) / MS[width]) + 1)
  return Array.from({ length: count }, (_, at) => begin + at * MS[width])
}

const pointOf = (at: number, groups: readonly Group[]): StatsPoint => {
  const histogram = histogramIn(groups)
  return {
    at: dateOf(at).toISOString(),
    ...shownSums(sumOf(groups)),
    by_status: byStatus(groups),
    p50_duration_ms: percentileOf(histogram, 0.5),
    p95_duration_ms: percentileOf(histogram, 0.95),
  }
}

/** One point for each hour or day, also where nothing happened. */
export const seriesOf = (groups: readonly Group[], window: Window, width: Width): StatsPoint[] => {
  const byTime = new Map<number, Group[]>()
  for (const group of groups) {
    const at = Date.parse(`${group.keys[width]}${REST[width]}`)
    const known = byTime.get(at)
    if (known) known.push(group)
    else byTime.set(at, [group])
  }
  const first = byTime.size === 0 ? null : Math.min(...byTime.keys())
  return timesOf(window, first, width).map((at) => pointOf(at, byTime.get(at) ?? []))
}
