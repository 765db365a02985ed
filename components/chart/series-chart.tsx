'use client'

import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type YAxisProps,
} from 'recharts'
import type { Format, Mark, Series, SeriesPoint } from './series'
import { Swatch } from './series-legend'

type SeriesChartProps = {
  series: readonly Series[]
  points: readonly SeriesPoint[]
  label: string
  height: number
  format: Format
  formatAxis?: Format
  marks?: readonly Mark[]
  onOpen?: (key: string) => void
}

const tick = { fill: 'var(--ink-muted)', fontSize: 12 } as const
const axisX = { tick, tickLine: false, axisLine: { stroke: 'var(--line)' }, minTickGap: 48, dataKey: 'key' } as const
const axisY: YAxisProps = { tick, tickLine: false, axisLine: false, width: 56 }

// A label on two lines would leave its place.
const axisText = (value: number, format: Format): string =>
  value === 0 ? '0' : format(value).replaceAll(' ', '\u00a0')

const keyAt = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || !('activeLabel' in event)) return undefined
  return typeof event.activeLabel === 'string' ? event.activeLabel : undefined
}

const barOf = ({ id, color }: Series, isTop: boolean) => (
  <Bar
    key={id}
    dataKey={id}
    stackId="bars"
    fill={color}
    maxBarSize={40}
    radius={isTop ? [2, 2, 0, 0] : 0}
    isAnimationActive={false}
  />
)

const areaOf = ({ id, color }: Series) => (
  <Area
    key={id}
    dataKey={id}
    type="linear"
    stackId="areas"
    stroke={color}
    strokeWidth={1.5}
    fill={color}
    fillOpacity={0.22}
    dot={false}
    activeDot={{ r: 3 }}
    isAnimationActive={false}
  />
)

const lineOf = ({ id, color, dash, isSmooth }: Series) => (
  <Line
    key={id}
    dataKey={id}
    type="linear"
    stroke={color}
    strokeWidth={1.5}
    {...(dash ? { strokeDasharray: dash } : {})}
    dot={isSmooth ? false : { r: 2, fill: color, strokeWidth: 0 }}
    activeDot={{ r: 3 }}
    connectNulls={false}
    isAnimationActive={false}
  />
)

const drawn = (one: Series, top: string | undefined) => {
  if (one.kind === 'bar') return barOf(one, one.id === top)
  return one.kind === 'area' ? areaOf(one) : lineOf(one)
}

const acrossOf = ({ id, value, text, color }: Mark) => (
  <ReferenceLine
    key={id}
    y={value}
    stroke={color}
    strokeDasharray="5 4"
    ifOverflow="extendDomain"
    label={{ value: text, position: 'insideBottomRight', fill: color, fontSize: 12 }}
  />
)

export const SeriesChart = ({
  series,
  points,
  label,
  height,
  format,
  formatAxis,
  marks = [],
  onOpen,
}: SeriesChartProps) => {
  const byKey = new Map(points.map((point) => [point.key, point]))
  const data = points.map((point) => ({ key: point.key, ...point.values }))
  const last = series.findLast(({ kind }) => kind === 'bar')?.id
  const open = (event: unknown) => {
    const key = keyAt(event)
    if (key && onOpen) onOpen(key)
  }
  return (
    <div role="img" aria-label={label} style={{ height }}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height }}>
        <ComposedChart
          data={data}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          barCategoryGap="12%"
          accessibilityLayer={false}
          onClick={open}
          style={{ cursor: onOpen ? 'pointer' : 'default' }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis {...axisX} tickFormatter={(key: string) => byKey.get(key)?.label ?? key} />
          <YAxis {...axisY} tickFormatter={(value: number) => axisText(value, formatAxis ?? format)} />
          <Tooltip
            cursor={{ fill: 'var(--hover)', stroke: 'var(--line-strong)', strokeWidth: 1 }}
            isAnimationActive={false}
            content={<Hover series={series} points={byKey} format={format} />}
          />
          {series.map((one) => drawn(one, last))}
          {marks.map(acrossOf)}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  )
}

type HoverProps = {
  series: readonly Series[]
  points: ReadonlyMap<string, SeriesPoint>
  format: Format
  active?: boolean
  label?: string | number
}

const Hover = ({ series, points, format, active, label }: HoverProps) => {
  const point = points.get(String(label))
  if (!active || !point) return null
  return (
    <div className="grid gap-1 rounded-md border border-line bg-raised px-2.5 py-1.5 text-meta shadow-overlay">
      <p className="text-ink-muted">{point.title}</p>
      {series.map((one) => {
        const value = point.values[one.id] ?? null
        return (
          <p key={one.id} className="flex items-center gap-1.5 text-ink">
            <Swatch series={one} />
            <span className="grow">{one.name}</span>
            <span className="pl-3 font-medium">{value === null ? 'none' : format(value)}</span>
          </p>
        )
      })}
    </div>
  )
}
