import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'

export type LocalDay = { year: number; month: number; day: number }

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/
const LONGEST = 64

const make = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })

export const isTimeZone = (name: string): boolean => {
  if (name.length > LONGEST || !NAME.test(name)) return false
  try {
    make(name)
    return true
  } catch {
    return false
  }
}

// Making a formatter costs more than a hundred reservations.
const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = kernel().slot('governance.zones', () => new LRUCache<string, Intl.DateTimeFormat>({ max: 500 }))
  const found = known.get(zone)
  if (found) return found
  const made = make(zone)
  known.set(zone, made)
  return made
}

const partsAt = (zone: string, at: number) => {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    clock: [part('hour'), part('minute'), part('second')],
  }
}

export const localOf = (zone: string, at: number): LocalDay => {
  const { year, month, day } = partsAt(zone, at)
  return { year, month, day }
}

/** How far the clocks of a zone are ahead of UTC at a moment, in whole seconds of milliseconds. */
export const offsetAt = (zone: string, at: number): number => {
  if (zone === 'UTC') return 0
  const { year, month, day, clock } = partsAt(zone, at)
  const [hour = 0, minute = 0, second = 0] = clock
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}
