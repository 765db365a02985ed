import { LRUCache } from 'lru-cache'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'

const MOST_ZONES = 500
const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/

const make = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  })

const MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

export const isTimeZone = (name: string): boolean => {
  if (name.length > 64 || !NAME.test(name)) return false
  try {
    make(name)
    return true
  } catch {
    return false
  }
}

type Zone = { format: Intl.DateTimeFormat; minute: number; at: LocalTime | null }

const MINUTE_MS = 60_000

// Making a formatter costs more than a prompt, so each zone has one, with the minute that it told last.
const zoneOf = (name: string): Zone => {
  const known = kernel().slot('workspace.zones', () => new LRUCache<string, Zone>({ max: MOST_ZONES }))
  const found = known.get(name)
  if (found) return found
  if (!isTimeZone(name)) {
    const message = 'must be an IANA time zone'
    throw new Problem('invalid_request', 'Invalid payload', {
      formErrors: [],
      fieldErrors: { 'metadata.timezone': [message] },
    })
  }
  const made: Zone = { format: make(name), minute: -1, at: null }
  known.set(name, made)
  return made
}

export type LocalTime = {
  timezone: string
  weekday: string
  month: string
  year: number
  day: number
  hour: number
  minute: number
}

const read = (format: Intl.DateTimeFormat, now: Date, timezone: string): LocalTime => {
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
  return {
    timezone,
    weekday: parts.get('weekday') ?? '',
    month: parts.get('month') ?? '',
    year: number('year'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
  }
}

export const localTime = (now: Date, timezone: string): LocalTime => {
  const zone = zoneOf(timezone)
  const minute = Math.floor(now.getTime() / MINUTE_MS)
  if (zone.at && zone.minute === minute) return zone.at
  const at = read(zone.format, now, timezone)
  Object.assign(zone, { minute, at })
  return at
}

// Calendar days, not 24 hours: the day before is the day before even where the clock was turned.
export const dayOf = ({ year, month, day }: LocalTime, back = 0): string =>
  dateOf(Date.UTC(year, MONTHS.indexOf(month), day - back))
    .toISOString()
    .slice(0, 10)

export const timeBlock = (at: LocalTime): string => {
  const minute = String(at.minute).padStart(2, '0')
  return [
    '## Current Time',
    '',
    `- **Date:** ${at.weekday}, ${at.month} ${at.day}, ${at.year}`,
    `- **Time:** ${at.hour % 12 || 12}:${minute} ${at.hour < 12 ? 'AM' : 'PM'}`,
    `- **Timezone:** ${at.timezone}`,
  ].join('\n')
}
