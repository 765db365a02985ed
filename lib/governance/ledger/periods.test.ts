import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passedBetween, periodAt, type Rolling } from './periods'
import { isTimeZone, localOf } from './zone'

const KINDS: readonly Rolling[] = ['daily', 'weekly', 'monthly']
const ODD = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/Havana', 'Africa/Cairo', 'Australia/Lord_Howe'],
  ...['Pacific/Apia', 'America/St_Johns', 'America/Sao_Paulo', 'Asia/Beirut', 'Africa/Casablanca', 'Asia/Tehran'],
  ...['Pacific/Kwajalein', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/Santiago', 'Asia/Gaza', 'Antarctica/Troll'],
]

const from = Date.UTC(1990, 0, 1)
const until = Date.UTC(2037, 0, 1)
const zones = fc.oneof(fc.constantFrom(...ODD), fc.constantFrom(...Intl.supportedValuesOf('timeZone')))
const moments = fc.integer({ min: from, max: until })

const dayOf = (zone: string, at: number): number => {
  const { year, month, day } = localOf(zone, at)
  return Date.UTC(year, month - 1, day)
}

// Where the clock is set back over midnight, a day shows twice; the period that began first keeps what follows.
const isShownTwice = (zone: string, at: number): boolean =>
  dayOf(zone, at - 7_200_000) > dayOf(zone, at + 7_200_000 - 1) - 1 && dayOf(zone, at) < dayOf(zone, at - 3_600_000)

const belongs = (kind: Rolling, start: number, day: number): boolean => {
  if (kind === 'daily') return start === day
  if (kind === 'weekly') return day >= start && day < start + 7 * 86_400_000
  return new Date(start).getUTCMonth() === new Date(day).getUTCMonth()
}

describe('periods', () => {
  it('hold the moment they are asked for, and touch each other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), zones, moments, (kind, zone, at) => {
        const { start, end } = periodAt(kind, zone, new Date(at))
        expect(start.getTime()).toBeLessThanOrEqual(at)
        expect(end.getTime()).toBeGreaterThan(at)
        expect(periodAt(kind, zone, end).start).toEqual(end)
        expect(periodAt(kind, zone, new Date(start.getTime() - 1)).end).toEqual(start)
        expect(periodAt(kind, zone, start)).toEqual({ start, end })
        expect(periodAt(kind, zone, new Date(end.getTime() - 1))).toEqual({ start, end })
      }),
      { numRuns: 1_500 },
    )
  })

  it('begin with the first moment of a day of their zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), zones, moments, (kind, zone, at) => {
        const { start } = periodAt(kind, zone, new Date(at))
        const first = dayOf(zone, start.getTime())
        expect(dayOf(zone, start.getTime() - 1)).toBeLessThan(first)
        if (!isShownTwice(zone, at)) expect(belongs(kind, first, dayOf(zone, at))).toBe(true)
        if (kind === 'weekly' && zone !== 'Pacific/Apia' && zone !== 'Pacific/Kwajalein')
          expect(new Date(first).getUTCDay()).toBe(1)
        if (kind === 'monthly') expect(new Date(first).getUTCDate()).toBe(1)
      }),
      { numRuns: 1_500 },
    )
  })

  it.each<[string, Rolling, string, string, string, string]>([
    ['a day of 23 hours', 'daily', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['a day of 25 hours', 'daily', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    [
      'half an hour of summer',
      'daily',
      'Australia/Lord_Howe',
      '2026-04-05T00:00Z',
      '2026-04-04T13:00Z',
      '2026-04-05T13:30Z',
    ],
    ['no midnight in Havana', 'daily', 'America/Havana', '2026-03-08T12:00Z', '2026-03-08T05:00Z', '2026-03-09T04:00Z'],
    ['no midnight in Cairo', 'daily', 'Africa/Cairo', '2026-04-24T12:00Z', '2026-04-23T22:00Z', '2026-04-24T21:00Z'],
    [
      'midnight twice in Havana',
      'daily',
      'America/Havana',
      '2026-11-01T12:00Z',
      '2026-11-01T04:00Z',
      '2026-11-02T05:00Z',
    ],
    [
      'eleven at night twice in Cairo',
      'daily',
      'Africa/Cairo',
      '2026-10-29T21:30Z',
      '2026-10-28T21:00Z',
      '2026-10-29T22:00Z',
    ],
    [
      'a day that Samoa never had',
      'daily',
      'Pacific/Apia',
      '2011-12-30T09:59Z',
      '2011-12-29T10:00Z',
      '2011-12-30T10:00Z',
    ],
    ['the day after it', 'daily', 'Pacific/Apia', '2011-12-30T10:00Z', '2011-12-30T10:00Z', '2011-12-31T10:00Z'],
    [
      'a month with a change',
      'monthly',
      'America/New_York',
      '2026-03-20T00:00Z',
      '2026-03-01T05:00Z',
      '2026-04-01T04:00Z',
    ],
    ['a week from Monday', 'weekly', 'Asia/Tokyo', '2026-05-17T14:59Z', '2026-05-10T15:00Z', '2026-05-17T15:00Z'],
    ['the next one', 'weekly', 'Asia/Tokyo', '2026-05-17T15:00Z', '2026-05-17T15:00Z', '2026-05-24T15:00Z'],
    ['a leap day', 'monthly', 'UTC', '2028-02-29T23:59Z', '2028-02-01T00:00Z', '2028-03-01T00:00Z'],
    [
      'the turn of a year',
      'monthly',
      'Pacific/Kiritimati',
      '2026-12-31T10:00Z',
      '2026-12-31T10:00Z',
      '2027-01-31T10:00Z',
    ],
  ])('%s', (_, kind, zone, at, start, end) => {
    expect(periodAt(kind, zone, new Date(at))).toEqual({ start: new Date(start), end: new Date(end) })
  })

  it('that passed unseen are all there, one after the other', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.constantFrom(...ODD),
        moments,
        fc.integer({ min: 0, max: 40 }),
        (kind, zone, at, days) => {
          const { end: over } = periodAt(kind, zone, new Date(at))
          const { start: now } = periodAt(kind, zone, new Date(over.getTime() + days * 86_400_000))
          const passed = passedBetween(kind, zone, over, now)
          expect(passed[0]?.start ?? now).toEqual(over)
          expect(passed.at(-1)?.end ?? over).toEqual(now)
          for (const [n, period] of passed.entries()) {
            expect(period.end > period.start).toBe(true)
            if (n > 0) expect(period.start).toEqual(passed[n - 1]?.end)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

it.each(['', 'Nowhere', 'UTC; DROP', '../etc', 'Europe/'.repeat(20), '+05:00', 'Europe/Berlin '])(
  '%j is no zone',
  (name) => {
    expect(isTimeZone(name)).toBe(false)
  },
)
