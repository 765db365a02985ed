'use client'

import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { ChartFrame } from '@/components/chart/chart-frame'
import { useMay } from '@/components/shell/viewer'
import { formatCount, formatHour } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import type { OverviewView } from '@/lib/jobs/contract'

const HEIGHT = 200
const BarChart = dynamic(async () => (await import('@/components/chart/bar-chart')).BarChart, {
  ssr: false,
  loading: () => (
    <div style={{ height: HEIGHT }}>
      <Skeleton className="h-full w-full" />
    </div>
  ),
})

type Hour = OverviewView['audit']['by_hour'][number]

const nextHour = (iso: string): string => new Date(Date.parse(iso) + 3_600_000).toISOString()

const hrefOf = (hour: string): string =>
  `/ops/audit?${new URLSearchParams({ start_date: hour, end_date: nextHour(hour) })}`

const busiest = (hours: readonly Hour[], mayOpen: boolean): string => {
  const top = hours.reduce<Hour | null>((best, hour) => (best && best.count >= hour.count ? best : hour), null)
  return top && top.count > 0
    ? `UTC. Busiest hour ${formatHour(top.hour)} with ${formatCount(top.count)}.${mayOpen ? ' Press a bar to see its events.' : ''}`
    : 'No events in this time.'
}

export const AuditHours = ({ hours }: { hours: readonly Hour[] }) => {
  const router = useRouter()
  const mayOpen = useMay('audit:view')
  const summary = busiest(hours, mayOpen)
  const points = hours.map((hour) => ({
    key: hour.hour,
    label: formatHour(hour.hour),
    value: hour.count,
    text: `${formatCount(hour.count)} events`,
  }))
  const facts = points.map((point) => ({
    key: point.key,
    label: `${point.label} UTC`,
    value: formatCount(point.value),
    ...(mayOpen && point.value > 0 ? { href: hrefOf(point.key) } : {}),
  }))
  return (
    <ChartFrame title="Audit events per hour" summary={summary} keyName="Hour" valueName="Events" facts={facts}>
      <BarChart
        points={points}
        height={HEIGHT}
        label={`Audit events per hour. ${summary}`}
        {...(mayOpen ? { onOpen: (key: string) => router.push(hrefOf(key)) } : {})}
      />
    </ChartFrame>
  )
}
