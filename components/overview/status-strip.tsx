'use client'

import { ArrowRight, CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import type { Headline, OverviewView } from '@/lib/jobs/contract'

const LOOKS = {
  ok: { icon: CircleCheck, ink: 'text-ok', soft: 'bg-ok-soft', word: 'Nothing is wrong', level: 'Well' },
  attention: {
    ...{ icon: TriangleAlert, ink: 'text-warn', soft: 'bg-warn-soft' },
    ...{ word: 'Something needs a look', level: 'Attention' },
  },
  error: { icon: CircleX, ink: 'text-bad', soft: 'bg-bad-soft', word: 'Something is broken', level: 'Broken' },
} as const

export const StatusStrip = ({ overview }: { overview: OverviewView }) => {
  const { headlines, is_partial: isPartial, status } = overview
  const look = LOOKS[status]
  return (
    <section aria-label="Status" className="overflow-hidden rounded-md border border-line bg-surface">
      <div className={cn('flex min-h-11 flex-wrap items-center gap-x-2.5 px-4 py-2', look.soft)}>
        <look.icon aria-hidden className={cn('size-4 shrink-0', look.ink)} />
        <h2 className={cn('font-semibold text-prose', look.ink)}>{look.word}</h2>
        {isPartial ? (
          <span className="text-ink-soft text-meta">as far as you may see: your role hides some of it</span>
        ) : null}
      </div>
      {headlines.length > 0 ? (
        <ul className="divide-y divide-line border-line border-t">
          {headlines.map((one) => (
            <li key={`${one.text} ${one.href}`}>
              <Line headline={one} />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

const Line = ({ headline }: { headline: Headline }) => {
  const look = LOOKS[headline.level]
  const body = (
    <>
      <look.icon
        role="img"
        aria-label={look.level}
        className={cn('mt-0.5 size-4 shrink-0', look.ink)}
        strokeWidth={1.75}
      />
      <span className="grid min-w-0 grow gap-x-3 sheet:grid-cols-[auto_minmax(0,1fr)]">
        <span className="break-words font-medium text-ink">{headline.text}</span>
        {headline.detail ? <span className="break-words line-clamp-2 text-ink-muted">{headline.detail}</span> : null}
      </span>
    </>
  )
  const style = 'flex min-h-9 items-start gap-2.5 px-4 py-2 text-table'
  if (!headline.href) return <p className={style}>{body}</p>
  return (
    <a href={headline.href} className={cn(style, 'group/line hover:bg-hover focus-visible:outline-offset-[-2px]')}>
      {body}
      <ArrowRight aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-muted group-hover/line:text-ink" />
    </a>
  )
}
