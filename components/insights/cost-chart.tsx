'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { moneyAxis } from '@/components/chart/money-axis'
import type { Mark, Series, SeriesPoint } from '@/components/chart/series'
import { SeriesFrame } from '@/components/chart/series-frame'
import { evidenceHref } from '@/components/stats/stats-window'
import { formatMoney } from '@/components/ui/format'
import type { Burn, CostDashboard } from '@/lib/insights/contract'
import type { Wire } from '@/lib/shared/api-client'
import { dayWindow, PART_WORDS, shortDay } from './insights-words'

const COLORS = ['var(--accent-line)', 'var(--model)', 'var(--info)', 'var(--warn)', 'var(--tool)', 'var(--ink-muted)']
const DAY_MS = 86_400_000
// A budget that lies much higher would press the course flat.
const HIGHEST = 4

const nameOf = (name: string): string => (name === '' ? 'Not named' : name)

const seriesOf = ({ names, has_others: more, is_overlapping: isLoose }: CostDashboard['parts']): Series[] =>
  [...names.map(nameOf), ...(more ? ['All others'] : [])].map((name, at) => ({
    id: `part-${at}`,
    name,
    color: COLORS[at] ?? 'var(--ink-muted)',
    kind: isLoose ? 'line' : 'area',
  }))

const pointsOf = ({ daily }: CostDashboard['parts']): SeriesPoint[] =>
  daily.map(({ day, costs_micro_usd: costs }) => ({
    key: day,
    label: shortDay(day),
    title: `${day} UTC`,
    values: Object.fromEntries(costs.map((cost, at) => [`part-${at}`, cost])),
  }))

/** What may be spent on a day, if the budget is to last for its period. */
export const paceOf = (burn: Burn): number =>
  burn.budget_micro_usd / Math.max(1, (Date.parse(burn.period_end) - Date.parse(burn.period_start)) / DAY_MS)

type CostChartProps = { cost: CostDashboard; burn: Burn | null; wire: Wire; actions: ReactNode }

const sentence = ({ parts, daily }: CostDashboard, pace: number | null, isDrawn: boolean): string => {
  const top = daily.reduce((best, day) => (day.total_cost_micro_usd > best.total_cost_micro_usd ? day : best))
  const most = `Most on ${shortDay(top.day)}: ${formatMoney(top.total_cost_micro_usd)}.`
  const loose = parts.is_overlapping ? ' A run with several skills counts toward each of them.' : ''
  const line = pace === null ? '' : ` The budget lasts at ${formatMoney(pace)} a day${isDrawn ? '' : ', far above'}.`
  return `${most}${line}${loose} Press a day to see its runs.`
}

export const CostChart = ({ cost, burn, wire, actions }: CostChartProps) => {
  const router = useRouter()
  const highest = Math.max(0, ...cost.daily.map((day) => day.total_cost_micro_usd))
  const pace = burn ? paceOf(burn) : null
  const isDrawn = pace !== null && pace <= HIGHEST * highest
  const marks: Mark[] = isDrawn ? [{ id: 'budget', value: pace, text: 'budget a day', color: 'var(--bad)' }] : []
  const hrefOf = (day: string) => evidenceHref(wire, dayWindow(day))
  return (
    <SeriesFrame
      title={`Cost by ${PART_WORDS[cost.parts.by].toLowerCase()}`}
      summary={sentence(cost, pace, isDrawn)}
      keyName="Day"
      series={seriesOf(cost.parts)}
      points={pointsOf(cost.parts)}
      format={formatMoney}
      formatAxis={moneyAxis(Math.max(highest, isDrawn ? pace : 0))}
      marks={marks}
      actions={actions}
      hrefOf={hrefOf}
      onOpen={(day) => router.push(hrefOf(day))}
    />
  )
}
