import { describe, expect, it } from 'vitest'
import type { Change } from '@/lib/jobs/contract'
import { formatPerMinute, hourHref, marksOf, pointsOf } from './course'

const SINCE = '2026-03-10T00:00:00.000Z'
const runsWith = (hours: { at: string; runs: number; errors: number }[]) => ({
  ...{ since: SINCE, total: 0, failed: 0, usual_rate: null, running: 0, paused: 0 },
  by_hour: hours,
})

const change = (seq: number, at: string, kind: Change['kind']): Change => ({
  ...{ seq, at, kind, text: `change ${seq}`, actor: 'user:ada', workspace_id: null, href: null, audit_href: null },
})

describe('runs a minute', () => {
  it('of a whole hour are a sixtieth, of the hour that runs as many as its minutes', () => {
    const [whole, begun] = pointsOf(
      runsWith([
        { at: '2026-03-10T11:00:00.000Z', runs: 120, errors: 60 },
        { at: '2026-03-10T12:00:00.000Z', runs: 30, errors: 10 },
      ]),
      '2026-03-10T12:10:00.000Z',
    )
    expect(whole).toMatchObject({ label: '11:00', values: { well: 1, failed: 1 } })
    expect(begun?.values).toEqual({ well: 2, failed: 1 })
    expect(begun?.title).toBe('03-10 12:00 UTC: 30 runs, 10 failed')
  })

  it('of an hour that has just begun are no more than its runs', () => {
    const [point] = pointsOf(
      runsWith([{ at: '2026-03-10T12:00:00.000Z', runs: 1, errors: 0 }]),
      '2026-03-10T12:00:00.000Z',
    )
    expect(point?.values).toEqual({ well: 1, failed: 0 })
  })

  it.each([
    [0, '0'],
    [1 / 60, '0.017'],
    [2.5, '2.50'],
    [1_234.4, '1,234'],
  ])('%d is written %s', (value, text) => {
    expect(formatPerMinute(value)).toBe(text)
  })

  it('lead to the runs of their hour and no other', () => {
    const asked = new URL(hourHref(SINCE), 'http://x').searchParams
    expect(Object.fromEntries(asked)).toEqual({ start_date: SINCE, end_date: '2026-03-10T00:59:59.999Z' })
  })
})

describe('marks on the axis of time', () => {
  it('stand in their lane and at their place; those that would cover each other are one', () => {
    const marks = marksOf(
      [
        change(4, '2026-03-10T23:59:59.999Z', 'promotion'),
        change(3, '2026-03-10T12:05:00.000Z', 'rollback'),
        change(2, '2026-03-10T12:00:00.000Z', 'pin'),
        change(1, '2026-03-10T12:00:00.000Z', 'skill'),
      ],
      { since: SINCE, hours: 24, slots: 24 },
    )
    expect(marks.Live.map(({ place, changes }) => [place, changes.map(({ seq }) => seq)])).toEqual([
      [12.5 / 24, [3, 2]],
      [23.5 / 24, [4]],
    ])
    expect(marks.Built).toHaveLength(1)
    expect(marks.Rules).toEqual([])
  })

  it('leave out what lies before the axis or after it', () => {
    const outside = [change(1, '2026-03-09T23:59:59.999Z', 'pin'), change(2, '2026-03-11T00:00:00.001Z', 'pin')]
    expect(marksOf(outside, { since: SINCE, hours: 24, slots: 10 }).Live).toEqual([])
  })
})
