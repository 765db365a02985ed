import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { toWire } from '@/lib/shared/time'
import { narrow, sumsBy } from '@/lib/tracing'
import type { Headline, Runs } from '../contract'
import { fenceOf } from '../fence'
import { clockOf, headline, linkTo, percentOf } from './headline'

const HOUR_MS = 3_600_000
const USUAL_HOURS = 7 * 24
const ENOUGH = 20

/** The hour that runs is the last one, as the statistics count. */
export const startOf = (now: Date, hours: number): Date =>
  dateOf((Math.floor(now.getTime() / HOUR_MS) + 1 - hours) * HOUR_MS)

type Hour = { runs: number; errors: number }

const NOTHING: Hour = { runs: 0, errors: 0 }

const sumOf = (hours: readonly Hour[]): Hour =>
  hours.reduce((sum, { runs, errors }) => ({ runs: sum.runs + runs, errors: sum.errors + errors }), NOTHING)

// From the sums that were kept when runs ended, so its price is that of so many hours and not of the runs in them.
const hourly = async (scope: Scope, start: Date, count: number): Promise<(Hour & { at: string })[]> => {
  const groups = await sumsBy(scope, narrow(scope, { start_date: toWire(start) }), ['hour'])
  const found = new Map(groups.map(({ keys, traces, errors }) => [keys.hour ?? '', { runs: traces, errors }]))
  return Array.from({ length: count }, (_, at) => {
    const hour = toWire(dateOf(start.getTime() + at * HOUR_MS))
    return { at: hour, ...(found.get(hour.slice(0, 13)) ?? NOTHING) }
  })
}

const inState = (scope: Scope, status: string): Promise<number> => {
  const fence = fenceOf(scope)
  return scope.db.trace.count({ where: { status, ...(fence === null ? {} : { workspaceId: { in: [...fence] } }) } })
}

// The hour that runs and the one before it: what goes wrong now.
const NOW_HOURS = 2

export type Course = { runs: Runs; now: Hour & { since: string }; expected: number | null }

/** Runs and errors by the hour, what is usual, and how the last two hours compare. */
export const courseOf = async (scope: Scope, days: number): Promise<Course | null> => {
  if (!scope.permissions.has('trace:view')) return null
  const hours = 24 * days
  const all = Math.max(hours, NOW_HOURS + USUAL_HOURS)
  const start = startOf(scope.clock.now(), all)
  const [course, running, paused] = await Promise.all([
    hourly(scope, start, all),
    inState(scope, 'running'),
    inState(scope, 'paused'),
  ])
  const last = course.slice(-NOW_HOURS)
  const before = course.slice(-(NOW_HOURS + USUAL_HOURS), -NOW_HOURS)
  const usual = sumOf(before)
  const shown = course.slice(-hours)
  const total = sumOf(shown)
  return {
    runs: {
      since: shown[0]?.at ?? toWire(start),
      total: total.runs,
      failed: total.errors,
      usual_rate: usual.runs < ENOUGH ? null : usual.errors / usual.runs,
      running,
      paused,
      by_hour: shown,
    },
    now: { since: last[0]?.at ?? toWire(start), ...sumOf(last) },
    expected: expectedOf(before, last.length),
  }
}

// As many runs as these hours of the day had in the week before; null where a day of it saw none.
const expectedOf = (before: readonly Hour[], width: number): number | null => {
  const days = Array.from({ length: 7 }, (_, day) => {
    const end = before.length - day * 24 - (24 - NOW_HOURS)
    return sumOf(before.slice(Math.max(0, end - width), Math.max(0, end))).runs
  })
  return days.some((count) => count === 0) ? null : days.reduce((sum, count) => sum + count, 0) / days.length
}

const Z = 1.96

/** The lower end of what the true rate may be: three failures of three are news, one of one is not. */
export const leastRate = (failed: number, total: number): number => {
  if (total === 0) return 0
  const rate = failed / total
  const square = Z * Z
  const middle = rate + square / (2 * total)
  const spread = Z * Math.sqrt((rate * (1 - rate)) / total + square / (4 * total * total))
  return Math.max(0, (middle - spread) / (1 + square / total))
}

const FEW = 3
const SPREAD = 0.02
const GRAVE = 0.25
const MUCH = 20

const failing = ({ now, runs: { usual_rate: usual } }: Course): Headline[] => {
  if (now.errors < FEW) return []
  const least = leastRate(now.errors, now.runs)
  if (least <= (usual ?? 0) + SPREAD) return []
  return [
    headline(
      least >= Math.max(GRAVE, 2 * (usual ?? 0)) ? 'error' : 'attention',
      `${now.errors} of ${now.runs} runs failed since ${clockOf(now.since)}`,
      linkTo('/ops/stats', { start_date: now.since }),
      usual === null
        ? `${percentOf(now.errors / now.runs)}; too little ran before to say what is usual`
        : `${percentOf(now.errors / now.runs)}, usually ${percentOf(usual)}`,
    ),
  ]
}

const silent = ({ now, expected }: Course): Headline[] =>
  now.runs > 0 || expected === null || expected < MUCH
    ? []
    : [
        headline(
          'attention',
          `No run has ended since ${clockOf(now.since)}`,
          linkTo('/ops/stats', { start_date: now.since }),
          `At this time of the day it is usually ${Math.round(expected)}`,
        ),
      ]

export const runHeadlines = (course: Course | null): Headline[] =>
  course === null ? [] : [...failing(course), ...silent(course)]
