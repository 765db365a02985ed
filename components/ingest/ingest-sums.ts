import type { SeriesPoint } from '@/components/chart/series'
import type { IngestHealth } from '@/lib/tracing/contract'

export type SourceSums = { source: string; accepted: number; duplicates: number; rejected: number; truncated: number }

const EMPTY = { accepted: 0, duplicates: 0, rejected: 0, truncated: 0 }

const FIELDS: Readonly<Record<string, keyof typeof EMPTY>> = {
  accepted: 'accepted',
  duplicate: 'duplicates',
  rejected: 'rejected',
  truncated: 'truncated',
}

type Hour = IngestHealth['hours'][number]

const plus = (sums: typeof EMPTY, { outcome, spans }: Hour): typeof EMPTY => {
  const field = FIELDS[outcome]
  return field ? { ...sums, [field]: sums[field] + spans } : sums
}

export const bySource = (hours: readonly Hour[]): SourceSums[] => {
  const sums = new Map<string, typeof EMPTY>()
  for (const hour of hours) sums.set(hour.source, plus(sums.get(hour.source) ?? EMPTY, hour))
  return [...sums]
    .map(([source, counts]) => ({ source, ...counts }))
    .sort((a, b) => b.accepted + b.rejected - (a.accepted + a.rejected) || a.source.localeCompare(b.source))
}

const HOUR = 3_600_000
const SHOWN_HOURS = 24

// Every hour of the last day, also the silent ones.
export const byHour = (hours: readonly Hour[], nowMs: number): SeriesPoint[] => {
  const sums = new Map<number, typeof EMPTY>()
  for (const hour of hours) {
    const at = Date.parse(hour.hour)
    sums.set(at, plus(sums.get(at) ?? EMPTY, hour))
  }
  const last = Math.floor(nowMs / HOUR) * HOUR
  return Array.from({ length: SHOWN_HOURS }, (_, index) => {
    const iso = new Date(last - (SHOWN_HOURS - 1 - index) * HOUR).toISOString()
    return {
      key: iso,
      label: iso.slice(11, 16),
      title: `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`,
      values: sums.get(Date.parse(iso)) ?? EMPTY,
    }
  })
}
