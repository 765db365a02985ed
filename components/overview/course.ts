import type { SeriesPoint } from '@/components/chart/series'
import { formatCount } from '@/components/ui/format'
import type { Change, Runs } from '@/lib/jobs/contract'
import { CHANGES, LANES, type Lane } from './overview-words'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const hourEnd = (at: string): string => new Date(Date.parse(at) + HOUR_MS - 1).toISOString()

export const hourHref = (at: string): string =>
  `/ops/traces?${new URLSearchParams({ start_date: at, end_date: hourEnd(at) })}`

// The hour that runs has had fewer minutes than the others.
const minutesOf = (at: string, asOf: string): number =>
  Math.max(1, Math.min(HOUR_MS, Date.parse(asOf) - Date.parse(at)) / MINUTE_MS)

export const formatPerMinute = (value: number): string => {
  if (value === 0) return '0'
  if (value < 0.1) return value.toFixed(3)
  return value < 10 ? value.toFixed(2) : formatCount(Math.round(value))
}

const labelOf = (at: string, isLong: boolean): string =>
  isLong
    ? `${Number(at.slice(8, 10))} ${MONTHS[Number(at.slice(5, 7)) - 1] ?? ''} ${at.slice(11, 16)}`
    : at.slice(11, 16)

const countsOf = (runs: number, errors: number): string =>
  `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}, ${formatCount(errors)} failed`

export const pointsOf = ({ by_hour: hours }: Runs, asOf: string): SeriesPoint[] => {
  const isLong = hours.length > 24
  return hours.map(({ at, runs, errors }) => ({
    key: at,
    label: labelOf(at, isLong),
    title: `${at.slice(5, 10)} ${at.slice(11, 16)} UTC: ${countsOf(runs, errors)}`,
    values: {
      well: (runs - errors) / minutesOf(at, asOf),
      failed: errors / minutesOf(at, asOf),
    },
  }))
}

export type Mark = { id: string; place: number; changes: Change[] }

/** Where changes stand on the axis of time, from 0 to 1; what would cover each other stands in one place. */
export const marksOf = (
  changes: readonly Change[],
  { since, hours, slots }: { since: string; hours: number; slots: number },
): Record<Lane, Mark[]> => {
  const [start, span] = [Date.parse(since), hours * HOUR_MS]
  const lanes: Record<Lane, Map<number, Mark>> = { Live: new Map(), Built: new Map(), Rules: new Map() }
  for (const change of changes) {
    const at = (Date.parse(change.at) - start) / span
    if (at < 0 || at > 1) continue
    const slot = Math.min(slots - 1, Math.floor(at * slots))
    const { lane } = CHANGES[change.kind]
    const known = lanes[lane].get(slot)
    if (known) known.changes.push(change)
    else lanes[lane].set(slot, { id: `${lane}-${slot}`, place: (slot + 0.5) / slots, changes: [change] })
  }
  return Object.fromEntries(
    LANES.map((lane) => [lane, [...lanes[lane].values()].sort((a, b) => a.place - b.place)]),
  ) as Record<Lane, Mark[]>
}

export const anchorOf = ({ seq }: Pick<Change, 'seq'>): string => `change-${seq}`
