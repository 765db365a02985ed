'use client'

import { useRouter } from 'next/navigation'
import type { Series, SeriesPoint } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { evidenceHref } from '@/components/stats/stats-window'
import { formatCount, formatShortCount } from '@/components/ui/format'
import type { RiskDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { dayWindow, LEVEL_WORDS, shortDay } from './insights-words'

// The most dangerous lie at the bottom, where their height is read from the axis.
const BANDS: readonly Series[] = [
  { id: 'critical', name: LEVEL_WORDS.critical, color: 'var(--ink)', kind: 'bar' },
  { id: 'high', name: LEVEL_WORDS.high, color: 'var(--bad)', kind: 'bar' },
  { id: 'medium', name: LEVEL_WORDS.medium, color: 'var(--warn)', kind: 'bar' },
  { id: 'low', name: LEVEL_WORDS.low, color: 'var(--accent-line)', kind: 'bar' },
  { id: 'unscored', name: 'Not scored', color: 'var(--line-strong)', kind: 'bar' },
]

const pointsOf = (daily: RiskDashboard['daily']): SeriesPoint[] =>
  daily.map(({ day, levels, unscored }) => ({
    key: day,
    label: shortDay(day),
    title: `${day} UTC`,
    values: { ...levels, unscored },
  }))

const dangerous = ({ levels }: RiskDashboard['daily'][number]): number => levels.high + levels.critical

const sentence = (daily: RiskDashboard['daily']): string => {
  const top = daily.reduce((worst, day) => (dangerous(day) > dangerous(worst) ? day : worst))
  if (dangerous(top) === 0) return 'No run of high or critical risk in this time. Press a day to see its runs.'
  return `Most of high or critical risk: ${formatCount(dangerous(top))} on ${shortDay(top.day)}. Press a day to see its runs.`
}

export const RiskChart = ({ risk, wire }: { risk: RiskDashboard; wire: Wire }) => {
  const router = useRouter()
  const hrefOf = (day: string) => evidenceHref(wire, dayWindow(day))
  return (
    <SeriesFrame
      title="Risk levels"
      summary={sentence(risk.daily)}
      keyName="Day"
      series={risk.unscored > 0 ? BANDS : BANDS.slice(0, -1)}
      points={pointsOf(risk.daily)}
      format={formatCount}
      formatAxis={formatShortCount}
      hrefOf={hrefOf}
      onOpen={(day) => router.push(hrefOf(day))}
    />
  )
}
