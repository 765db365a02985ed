import { describe, expect, it } from 'vitest'
import { uuidv7 } from '@/lib/shared/id'
import type { AgedTrace } from '@/lib/tracing'
import { keepPace } from './due-batches'
import { type Fate, fateOf, isInSample, lookUntil, type Plan } from './fate'
import { cutoffOf, DEFAULT_RULES } from './rules'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-01T12:00:00Z')

const planOf = (over: Partial<Plan['rules']> = {}, graceMs = 0, userId?: string): Plan => {
  const rules = { ...DEFAULT_RULES, ...over }
  const base = { rules, cutoff: cutoffOf(rules, new Date(NOW)), endedBefore: NOW - graceMs }
  return userId === undefined ? base : { ...base, userId }
}

const found = (from: number, wanted: boolean): string => {
  for (let n = from; ; n++) if (isInSample(`id-${n}`) === wanted) return `id-${n}`
}
const IN = found(0, true)
const OUT = found(0, false)

const traceOf = (over: Partial<AgedTrace> = {}): AgedTrace => ({
  id: OUT,
  startedAt: new Date(NOW - 2 * DAY),
  completedAt: new Date(NOW - 2 * DAY),
  status: 'success',
  storage: 'full',
  rows: 1,
  textBytes: 0,
  isOver: true,
  isSettled: true,
  hasLeft: false,
  ...over,
})

const old = { startedAt: new Date(NOW - 90 * DAY - 1) }
const today = { startedAt: new Date(NOW - 2), completedAt: new Date(NOW - 1) }

const CASES: readonly (readonly [string, Partial<AgedTrace>, Plan, Fate])[] = [
  ['nothing is wished', {}, planOf(), 'keep'],
  ['too old', old, planOf(), 'delete'],
  ['too old by a day', {}, planOf({ retention_days: 1 }), 'delete'],
  ['too old, runs', { ...old, isOver: false }, planOf(), 'running'],
  ['too old, waits', { ...old, isSettled: false }, planOf(), 'pending'],
  ['young and runs', { isOver: false, completedAt: null }, planOf(), 'keep'],
  ['not in the sample', {}, planOf({ sampling_strategy: 'sampled' }), 'delete'],
  ['in the sample', { id: IN }, planOf({ sampling_strategy: 'sampled' }), 'keep'],
  ['an error', { status: 'error' }, planOf({ sampling_strategy: 'sampled' }), 'keep'],
  ['a timeout', { status: 'timeout' }, planOf({ sampling_strategy: 'errors_only' }), 'keep'],
  ['cancelled is no error', { id: IN, status: 'cancelled' }, planOf({ sampling_strategy: 'errors_only' }), 'delete'],
  ['in the sample of errors', { id: IN }, planOf({ sampling_strategy: 'errors_only' }), 'delete'],
  ['of today, asked for', today, planOf({ sampling_strategy: 'errors_only' }), 'delete'],
  ['of today, by schedule', today, planOf({ sampling_strategy: 'errors_only' }, DAY), 'keep'],
  ['too full', {}, planOf({ storage_mode: 'summary' }), 'reduce'],
  ['still too full', { storage: 'summary' }, planOf({ storage_mode: 'minimal' }), 'reduce'],
  ['less than asked', { storage: 'minimal' }, planOf({ storage_mode: 'summary' }), 'keep'],
  ['something came later', { storage: 'summary', hasLeft: true }, planOf({ storage_mode: 'summary' }), 'reduce'],
  ['reduced, waits', { isSettled: false }, planOf({ storage_mode: 'minimal' }), 'pending'],
  ['of today, kept full by schedule', today, planOf({ storage_mode: 'minimal' }, DAY), 'keep'],
  ['all of a user', today, planOf({}, DAY, 'ann'), 'delete'],
  ['all of a user, runs', { isOver: false }, planOf({}, 0, 'ann'), 'running'],
]

describe('what becomes of a trace', () => {
  it.each(CASES)('%s', (_, trace, plan, fate) => {
    expect(fateOf(traceOf(trace), plan)).toBe(fate)
  })
})

describe('the sample', () => {
  it.each([
    ['UUIDs of one moment', () => uuidv7(NOW)],
    ['counted ids', (n: number) => `00000000-0000-0000-0000-${n.toString(16).padStart(12, '0')}`],
    ['words', (n: number) => `trace-${n}`],
  ])('is a tenth of %s', (_, idOf) => {
    const kept = Array.from({ length: 20_000 }, (__, n) => idOf(n)).filter(isInSample).length
    expect(kept).toBeGreaterThan(1_850)
    expect(kept).toBeLessThan(2_150)
  })
})

it('looks no further than the cutoff where nothing is sampled or reduced', () => {
  expect(lookUntil(planOf(), NOW)).toBe(NOW - 90 * DAY)
  expect(lookUntil(planOf({ storage_mode: 'minimal' }), NOW)).toBeGreaterThan(NOW)
  expect(lookUntil(planOf({ sampling_strategy: 'sampled' }), NOW)).toBeGreaterThan(NOW)
  expect(lookUntil(planOf({}, 0, 'ann'), NOW)).toBe(Number.POSITIVE_INFINITY)
})

it('takes less at a time where the database is slow, and more again where it is quick', () => {
  const pace = { share: 1 }
  keepPace(pace, 2_000)
  keepPace(pace, 500)
  expect(pace.share).toBe(0.5)
  for (let n = 0; n < 20; n++) keepPace(pace, 9_000)
  expect(pace.share).toBe(0.01)
  for (let n = 0; n < 20; n++) keepPace(pace, 10)
  expect(pace.share).toBe(1)
})
