import { dateOf } from '@/lib/core/clock'
import type { Row } from '@/lib/core/db'
import type { Scope } from '@/lib/core/scope'
import { type Params, storedTime } from '@/lib/core/statement'
import type { Narrowed } from './filter'
import type { Condition } from './sql-filter'
import { type By, isKept, rollupSums, SUM_NAMES, type Sum, traceSums } from './sql-stats'

export type Sums = Record<Sum, number>
export type Group = Sums & { keys: Readonly<Partial<Record<By, string>>> }

type Reading = Pick<Scope, 'rows'>

const HOUR_MS = 3_600_000

export const isInRollup = ({ shape }: Pick<Narrowed, 'shape'>): boolean =>
  shape.driver === 'trace' && shape.conditions.every(isKept)

type Window = { start: number | null; end: number | null }
type Parts = { hours: Window | null; edges: readonly { start: number; end: number }[] }

const msOf = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null)

// Both ends belong to a window. Whole hours are read from their sums, the rest of an hour from its traces.
export const partsOf = ({ start, end }: Window): Parts => {
  const first = start === null ? null : Math.ceil(start / HOUR_MS) * HOUR_MS
  const last = end === null ? null : Math.floor((end + 1) / HOUR_MS) * HOUR_MS
  if (start !== null && end !== null && (first ?? 0) >= (last ?? 0)) {
    return { hours: null, edges: start <= end ? [{ start, end }] : [] }
  }
  return {
    hours: { start: first, end: last },
    edges: [
      ...(start !== null && first !== null && start < first ? [{ start, end: first - 1 }] : []),
      ...(end !== null && last !== null && last <= end ? [{ start: last, end }] : []),
    ],
  }
}

const groupOf = (row: Row, keys: readonly By[]): Group => ({
  ...(Object.fromEntries(SUM_NAMES.map((name) => [name, Number(row[name] ?? 0)])) as Sums),
  keys: Object.fromEntries(keys.map((by) => [by, String(row[by] ?? '')])),
})

const inTime = (ms: number | null): string | undefined => (ms === null ? undefined : storedTime(dateOf(ms)))

const others = (conditions: readonly Condition[]) => conditions.filter((name) => name !== 'start' && name !== 'end')

const ofHours = (scope: Reading, { shape, params }: Narrowed, keys: readonly By[], { start, end }: Window) => {
  const conditions: Condition[] = [
    ...others(shape.conditions),
    ...(start === null ? [] : (['start'] as const)),
    ...(end === null ? [] : (['end'] as const)),
  ]
  const hours: Params = { start_hour: inTime(start) ?? null, end_hour: inTime(end) ?? null }
  return scope.rows(rollupSums(conditions, keys), { ...params, ...hours })
}

const ofTraces = (scope: Reading, { shape, params }: Narrowed, keys: readonly By[], { start, end }: Window) => {
  const conditions: Condition[] = [
    ...others(shape.conditions),
    'ended',
    ...(start === null ? [] : (['start'] as const)),
    ...(end === null ? [] : (['end'] as const)),
  ]
  const times: Params = { start: inTime(start) ?? null, end: inTime(end) ?? null }
  return scope.rows(traceSums({ ...shape, conditions }, keys), { ...params, ...times })
}

/** Sums of all traces that have ended in the window of a filter, by some of their properties. */
export const sumsBy = async (scope: Reading, narrowed: Narrowed, keys: readonly By[]): Promise<Group[]> => {
  const window = { start: msOf(narrowed.params['start']), end: msOf(narrowed.params['end']) }
  const { hours, edges } = isInRollup(narrowed) ? partsOf(window) : { hours: null, edges: [window] }
  const found = await Promise.all([
    ...(hours === null ? [] : [ofHours(scope, narrowed, keys, hours)]),
    ...edges.map((edge) => ofTraces(scope, narrowed, keys, edge)),
  ])
  return found
    .flat()
    .map((row) => groupOf(row, keys))
    .filter(({ traces }) => traces > 0)
}

export const sumTraces = async (scope: Reading, narrowed: Narrowed): Promise<number> => {
  const groups = await sumsBy(scope, narrowed, [])
  return groups.reduce((sum, { traces }) => sum + traces, 0)
}
