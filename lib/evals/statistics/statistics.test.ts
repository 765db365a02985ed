import { describe, expect, it, test } from 'vitest'
import { driftOf } from '../runs/drift'
import { outcomeOf, reckon, sumOf } from '../runs/reckon'
import type { Mark } from '../runs/store'
import { bootstrap, mcNemar, meanOf, wilson } from './intervals'
import { agreementOf, confusionOf, kappaInterval, kappaOf, readingOf } from './kappa'

describe('intervals', () => {
  // Reference values: Wilson (1927) as R's prop.test(correct = FALSE) gives them.
  test.each([
    [0.5, 10, 0.2366, 0.7634],
    [0, 10, 0, 0.2775],
    [1, 10, 0.7225, 1],
    [0.8, 100, 0.7112, 0.8666],
  ])('of %d in %d', (share, n, low, high) => {
    const found = wilson(share, n)
    expect(found.low).toBeCloseTo(low, 3)
    expect(found.high).toBeCloseTo(high, 3)
  })
  it('of nothing are everything', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
    expect(bootstrap([], meanOf)).toBeNull()
  })
  it('drawn anew are the same on every machine, and hold the mean', () => {
    const values = Array.from({ length: 50 }, (_, at) => at / 49)
    const first = bootstrap(values, meanOf)
    expect(bootstrap(values, meanOf)).toEqual(first)
    expect(bootstrap(values, meanOf, 7)).not.toEqual(first)
    expect(first?.low).toBeGreaterThan(0.38)
    expect(first?.low).toBeLessThan(0.5)
    expect(first?.high).toBeGreaterThan(0.5)
    expect(first?.high).toBeLessThan(0.62)
    expect(bootstrap([1, 1, 1], meanOf)).toEqual({ low: 1, high: 1 })
  })
  test.each([
    [0, 0, 1],
    [1, 1, 1],
    [5, 0, 0.0625],
    [10, 2, 0.0386],
    [0, 12, 0.000488],
  ])('McNemar of %d and %d', (worse, better, p) => {
    expect(mcNemar(worse, better)).toBeCloseTo(p, 3)
  })
})

describe('kappa', () => {
  const pairs = (a: number, b: number, c: number, d: number) => [
    ...Array.from({ length: a }, () => ({ judge: true, human: true })),
    ...Array.from({ length: b }, () => ({ judge: true, human: false })),
    ...Array.from({ length: c }, () => ({ judge: false, human: true })),
    ...Array.from({ length: d }, () => ({ judge: false, human: false })),
  ]
  test.each([
    // Cohen's textbook example: 20, 5, 10, 15 is 0.4.
    [20, 5, 10, 15, 0.4, 'fair'],
    [25, 0, 0, 25, 1, 'almost_perfect'],
    [0, 25, 25, 0, -1, 'poor'],
    [25, 25, 25, 25, 0, 'slight'],
  ])('of %d %d %d %d is %d', (a, b, c, d, kappa, reading) => {
    const confusion = confusionOf(pairs(a, b, c, d))
    expect(kappaOf(confusion)).toBeCloseTo(kappa)
    expect(readingOf(kappaOf(confusion))).toBe(reading)
  })
  it('says nothing where everybody always says the same, although all agree', () => {
    const confusion = confusionOf(pairs(30, 0, 0, 0))
    expect(agreementOf(confusion)).toBe(1)
    expect(kappaOf(confusion)).toBeNull()
    expect(readingOf(null)).toBe('unknown')
    expect(kappaOf(confusionOf([]))).toBeNull()
  })
  it('comes with an interval, once there is enough of it', () => {
    expect(kappaInterval(pairs(1, 0, 0, 1))).toBeNull()
    const found = kappaInterval(pairs(20, 5, 10, 15))
    expect(found?.low).toBeLessThan(0.4)
    expect(found?.high).toBeGreaterThan(0.4)
  })
})

const mark = (caseId: string, position: number, status: string, score: number | null, attempt = 1): Mark => ({
  ...{ caseId, position, status, score, attempt },
  scores: {},
  durationMs: 10,
  costMicroUsd: 3n,
})

describe('a run', () => {
  it('counts cases, not attempts; half is no pass', () => {
    const attempts = (...statuses: string[]) => sumOf(statuses.map((status, at) => mark('a', 0, status, 0.5, at + 1)))
    expect(attempts('passed', 'passed', 'failed')).toMatchObject({ status: 'passed', passCount: 2, isFlaky: true })
    expect(attempts('passed', 'failed')).toMatchObject({ status: 'failed', isFlaky: true })
    expect(attempts('passed', 'error')).toMatchObject({ status: 'error' })
    expect(attempts('failed', 'error', 'error')).toMatchObject({ status: 'error' })
    expect(attempts('inconclusive', 'passed')).toMatchObject({ status: 'inconclusive' })
    expect(attempts('passed', 'queued')).toMatchObject({ status: 'pending' })
    expect(attempts('passed', 'answered')).toMatchObject({ status: 'pending' })
    expect(attempts('passed')).toMatchObject({ status: 'passed', isFlaky: false })
  })

  it('sums up money, scores and their confidence', () => {
    const found = reckon([mark('a', 0, 'passed', 1), mark('b', 1, 'failed', 0.2), mark('c', 2, 'inconclusive', null)])
    expect(found.counts).toMatchObject({ passed: 1, failed: 1, inconclusive: 1 })
    expect(found.cost).toBe(9n)
    expect(found.scores).toMatchObject({ accuracy: 0.5, pass_rate: 1 / 3, avg_score: 0.6, total_cost: 0.000009 })
    expect(found.scores.confidence).toMatchObject({ level: 0.95, pass_rate: { method: 'wilson' } })
    expect(reckon([]).scores).toMatchObject({ pass_rate: 0, confidence: null })
  })

  it('repeated, has a pass rate that lies within its interval', () => {
    const thrice = (at: number) =>
      ['passed', 'passed', 'failed'].map((status, n) => mark(`c${at}`, at, status, status === 'passed' ? 1 : 0, n + 1))
    const found = reckon(Array.from({ length: 10 }, (_, at) => thrice(at)).flat())
    expect(found.scores.pass_rate).toBe(1)
    const around = found.scores.confidence?.pass_rate
    // Wilson's interval of ten out of ten, as it stands in tables.
    expect(around?.method).toBe('wilson')
    expect(around?.low).toBeCloseTo(0.7225, 4)
    expect(around?.high).toBeCloseTo(1, 9)
  })

  it('passes where enough of its cases do, and what nobody could judge is no pass', () => {
    const of = (...statuses: string[]) => reckon(statuses.map((status, at) => mark(String(at), at, status, null)))
    expect(outcomeOf(of('passed', 'passed'), 1)).toBe('passed')
    expect(outcomeOf(of('passed', 'failed'), 1)).toBe('failed')
    expect(outcomeOf(of('passed', 'failed'), 0.5)).toBe('passed')
    expect(outcomeOf(of('passed', 'inconclusive'), 1)).toBe('inconclusive')
    expect(outcomeOf(of('passed', 'error'), 1)).toBe('failed')
    expect(outcomeOf(of('failed', 'inconclusive'), 0.9)).toBe('failed')
    expect(outcomeOf(of(), 0)).toBe('inconclusive')
  })
})

describe('drift', () => {
  const sum = (caseId: string, score: number | null) => ({
    ...sumOf([mark(caseId, 0, score === null ? 'error' : 'passed', score)]),
  })
  it('is what moved beyond a tenth', () => {
    const baseline = [sum('a', 1), sum('b', 0.5), sum('c', 0.5), sum('gone', 1), sum('even', 0.5)]
    const current = [sum('a', 0.5), sum('b', 0.9), sum('c', 0.6), sum('new', 1), sum('even', 0.4)]
    const drift = driftOf(baseline, current)
    expect(drift.regressions).toMatchObject([{ case_id: 'a', delta: -0.5 }])
    expect(drift.improvements).toMatchObject([{ case_id: 'b' }])
    expect(drift.drift_score).toBeCloseTo((0.5 - 0.4) / 4)
    expect(drift.summary).toEqual({
      regressed_count: 1,
      improved_count: 1,
      unchanged_count: 2,
      new_cases_count: 1,
      removed_cases_count: 1,
    })
  })
  it('counts what has no score any more as worse', () => {
    expect(driftOf([sum('a', 1)], [sum('a', null)]).regressions).toMatchObject([{ delta: -1 }])
    expect(driftOf([], []).drift_score).toBe(0)
  })
})
