'use client'

import { ArrowRight, CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { placeAt } from '@/components/shell/places'
import { useViewer } from '@/components/shell/viewer'
import { cn } from '@/components/ui/cn'
import type { OverviewView } from '@/lib/jobs/contract'

type Level = OverviewView['status']

const LOOKS = {
  ok: { icon: CircleCheck, ink: 'text-ok', soft: 'bg-ok-soft', word: 'Nothing is wrong' },
  attention: { icon: TriangleAlert, ink: 'text-warn', soft: 'bg-warn-soft', word: 'Something waits for you' },
  error: { icon: CircleX, ink: 'text-bad', soft: 'bg-bad-soft', word: 'Something is broken' },
} as const

export const StatusStrip = ({ overview }: { overview: OverviewView }) => {
  const look = LOOKS[overview.status]
  return (
    <section aria-label="Status" className="overflow-hidden rounded-md border border-line bg-surface">
      <h2 className={cn('flex min-h-11 items-center gap-2.5 px-4 font-semibold text-prose', look.soft, look.ink)}>
        <look.icon aria-hidden className="size-4 shrink-0" />
        {look.word}
      </h2>
      {overview.headlines.length > 0 ? (
        <ul className="divide-y divide-line">
          {overview.headlines.map((headline) => (
            <li key={headline.text}>
              <Headline headline={headline} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

const Mark = ({ level }: { level: Level }) => {
  const look = LOOKS[level]
  return <look.icon aria-hidden className={cn('size-4 shrink-0', look.ink)} strokeWidth={1.75} />
}

// Evidence that this person may not open is told, but not linked.
const useReachable = (href: string | null): string | null => {
  const { me } = useViewer()
  const needed = href ? placeAt(href.split(/[?#]/)[0] ?? href)?.permission : null
  return needed && !me.permissions.includes(needed) ? null : href
}

const Headline = ({ headline }: { headline: OverviewView['headlines'][number] }) => {
  const href = useReachable(headline.href)
  const body = (
    <>
      <Mark level={headline.level} />
      <span className="min-w-0 grow">{headline.text}</span>
    </>
  )
  const style = 'flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-table'
  if (!href) return <p className={style}>{body}</p>
  return (
    <a href={href} className={cn(style, 'group/line hover:bg-hover')}>
      {body}
      <ArrowRight aria-hidden className="size-3.5 text-ink-muted group-hover/line:text-ink" />
    </a>
  )
}
