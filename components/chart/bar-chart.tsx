'use client'

import { Bar, CartesianGrid, BarChart as Recharts, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatShortCount } from '@/components/ui/format'

export type BarPoint = { key: string; label: string; value: number; text: string }

type BarChartProps = { points: readonly BarPoint[]; label: string; height: number; onOpen?: (key: string) => void }

const tick = { fill: 'var(--ink-muted)', fontSize: 12 } as const

const keyAt = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || !('activeLabel' in event)) return undefined
  return typeof event.activeLabel === 'string' ? event.activeLabel : undefined
}

export const BarChart = ({ points, label, height, onOpen }: BarChartProps) => {
  const labels = new Map(points.map((point) => [point.key, point]))
  return (
    <div role="img" aria-label={label} style={{ height }}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height }}>
        <Recharts
          data={[...points]}
          margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
          barCategoryGap={2}
          accessibilityLayer={false}
          onClick={(event: unknown) => {
            const key = keyAt(event)
            if (key && onOpen) onOpen(key)
          }}
          style={{ cursor: onOpen ? 'pointer' : 'default' }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="key"
            tickFormatter={(key: string) => labels.get(key)?.label ?? key}
            tick={tick}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            minTickGap={40}
          />
          <YAxis
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={36}
            allowDecimals={false}
            tickFormatter={formatShortCount}
          />
          <Tooltip cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} content={<Hover points={labels} />} />
          <Bar dataKey="value" fill="var(--accent-line)" radius={[2, 2, 0, 0]} isAnimationActive={false} />
        </Recharts>
      </ResponsiveContainer>
    </div>
  )
}

type HoverProps = { points: ReadonlyMap<string, BarPoint>; active?: boolean; label?: string | number }

const Hover = ({ points, active, label }: HoverProps) => {
  const point = points.get(String(label))
  if (!active || !point) return null
  return (
    <div className="rounded-md border border-line bg-raised px-2.5 py-1.5 text-meta shadow-overlay">
      <p className="font-medium text-ink">{point.text}</p>
      <p className="text-ink-muted">{point.label} UTC</p>
    </div>
  )
}
