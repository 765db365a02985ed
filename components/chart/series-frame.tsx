'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/skeleton'
import type { Format, Mark, Series, SeriesPoint } from './series'
import { SeriesLegend } from './series-legend'

const HEIGHT = 208

const SeriesChart = dynamic(async () => (await import('./series-chart')).SeriesChart, {
  ssr: false,
  loading: () => (
    <div style={{ height: HEIGHT }}>
      <Skeleton className="h-full w-full" />
    </div>
  ),
})

type SeriesFrameProps = {
  title: string
  summary: string
  keyName: string
  series: readonly Series[]
  points: readonly SeriesPoint[]
  format: Format
  formatAxis?: Format
  marks?: readonly Mark[]
  actions?: ReactNode
  below?: ReactNode
  hrefOf?: (key: string) => string
  onOpen?: (key: string) => void
}

export const SeriesFrame = ({ title, summary, keyName, hrefOf, actions, below, ...chart }: SeriesFrameProps) => {
  const [asTable, setAsTable] = useState(false)
  const Icon = asTable ? ChartColumn : Table2
  const toggle = (
    <Button look="quiet" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
      <Icon aria-hidden className="size-3.5" />
      {asTable ? 'View as chart' : 'View as table'}
    </Button>
  )
  return (
    <Card
      title={title}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          {actions}
          {toggle}
        </div>
      }
    >
      {asTable ? (
        <SeriesTable title={title} keyName={keyName} hrefOf={hrefOf} {...chart} />
      ) : (
        <figure className="grid gap-2">
          <figcaption className="text-ink-muted text-meta">{summary}</figcaption>
          {chart.series.length > 1 ? <SeriesLegend series={chart.series} /> : null}
          <SeriesChart {...chart} height={HEIGHT} label={`${title}. ${summary}`} />
          {below}
        </figure>
      )}
    </Card>
  )
}

type SeriesTableProps = Pick<SeriesFrameProps, 'title' | 'keyName' | 'series' | 'points' | 'format'> & {
  hrefOf: ((key: string) => string) | undefined
}

const isEmpty = ({ values }: SeriesPoint): boolean =>
  Object.values(values).every((value) => value === null || value === 0)

const SeriesTable = ({ title, keyName, series, points, format, hrefOf }: SeriesTableProps) => {
  const told = points.filter((point) => !isEmpty(point))
  if (told.length === 0) return <p className="text-ink-muted text-table">Nothing happened in this time.</p>
  return (
    <div className="max-h-72 overflow-auto">
      <table className="w-full text-table">
        <caption className="sr-only">{title}, only times in which something happened</caption>
        <thead>
          <tr className="text-left text-ink-muted text-meta">
            <th scope="col" className="sticky top-0 h-7 bg-surface font-medium">
              {keyName}
            </th>
            {series.map((one) => (
              <th key={one.id} scope="col" className="sticky top-0 h-7 bg-surface pl-3 text-right font-medium">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {told.map((point) => (
            <tr key={point.key} className="border-line border-t">
              <th scope="row" className="h-7 whitespace-nowrap text-left font-normal">
                {hrefOf ? (
                  <a href={hrefOf(point.key)} className="text-accent underline-offset-2 hover:underline">
                    {point.title}
                  </a>
                ) : (
                  point.title
                )}
              </th>
              {series.map((one) => {
                const value = point.values[one.id] ?? null
                return (
                  <td key={one.id} className="h-7 pl-3 text-right">
                    {value === null ? '–' : format(value)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
