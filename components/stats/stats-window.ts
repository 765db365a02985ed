import type { Wire } from '@/lib/shared/api-client'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const USUAL_DAYS = 1

// The hour that runs is the last of the window, so the page, the server and the sums begin at the same full hour.
export const daysBefore = (nowMs: number, days: number): string =>
  new Date((Math.floor(nowMs / HOUR) + 1) * HOUR - days * DAY).toISOString()

// Without a time in the address the page shows the last days, counted from `since`, which the server names.
export const inWindow = (wire: Wire, since: string): Wire =>
  wire['start_date'] === undefined && wire['end_date'] === undefined ? { ...wire, start_date: since } : wire

const CARRIED = [
  ...['start_date', 'end_date', 'workspace_id', 'environment', 'agent_role', 'model', 'provider', 'origin'],
  ...['status', 'risk_level'],
]

// The list of exactly those traces that a figure counts.
export const evidenceHref = (wire: Wire, more: Readonly<Record<string, string>> = {}): string => {
  const kept = CARRIED.flatMap((name) => {
    const value = wire[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return `/ops/traces?${new URLSearchParams({ ...Object.fromEntries(kept), ...more })}`
}

export const bucketWindow = (at: string, bucket: 'hour' | 'day'): { start_date: string; end_date: string } => ({
  start_date: at,
  end_date: new Date(Date.parse(at) + (bucket === 'hour' ? HOUR : DAY) - 1).toISOString(),
})

export const bucketLabel = (at: string, bucket: 'hour' | 'day', isLong: boolean): string => {
  const day = `${Number(at.slice(8, 10))} ${MONTHS[Number(at.slice(5, 7)) - 1] ?? ''}`
  if (bucket === 'day') return day
  return isLong ? `${day} ${at.slice(11, 16)}` : at.slice(11, 16)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const bucketTitle = (at: string, bucket: 'hour' | 'day'): string =>
  bucket === 'day' ? `${at.slice(0, 10)} UTC` : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
