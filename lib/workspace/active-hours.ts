import { localTime } from './local-time'
import type { ActiveHours } from './workspace-config'

const minutesOf = (text: string): number => {
  const [hours = '0', minutes = '0'] = text.split(':')
  return Number(hours) * 60 + Number(minutes)
}

// From start up to, not including, end; over midnight where the end comes first. Equal ends mean all day.
export const isActiveAt = (hours: ActiveHours | undefined, now: Date, timezone: string): boolean => {
  if (!hours) return true
  const at = localTime(now, hours.timezone ?? timezone)
  const minute = at.hour * 60 + at.minute
  const start = minutesOf(hours.start)
  const end = minutesOf(hours.end)
  if (start === end) return true
  return start < end ? minute >= start && minute < end : minute >= start || minute < end
}
