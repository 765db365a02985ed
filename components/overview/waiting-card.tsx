'use client'

import { CircleCheck } from 'lucide-react'
import { Card } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { type OverviewView, WAITING_KINDS, type WaitingItem, type WaitingKind } from '@/lib/jobs/contract'
import { WAITS } from './overview-words'

type Waiting = OverviewView['waiting']

const linkStyle = 'inline-flex min-h-6 items-center text-accent underline-offset-2 hover:underline'

export const WaitingCard = ({ waiting }: { waiting: Waiting }) => {
  const kinds = WAITING_KINDS.filter((kind) => waiting.counts[kind] !== undefined)
  const told = kinds.filter((kind) => (waiting.counts[kind] ?? 0) > 0)
  return (
    <Card title="Waits for you" flush>
      {told.length === 0 ? (
        <Nothing mayDecide={kinds.length > 0} />
      ) : (
        <>
          <ul className="divide-y divide-line">
            {waiting.items.map((item) => (
              <li key={`${item.kind} ${item.id}`}>
                <Item item={item} />
              </li>
            ))}
          </ul>
          <Totals counts={waiting.counts} told={told} />
        </>
      )}
    </Card>
  )
}

const Nothing = ({ mayDecide }: { mayDecide: boolean }) => (
  <div className="grid justify-items-center gap-2 px-4 py-8 text-center">
    <CircleCheck aria-hidden className="size-5 text-ink-muted" />
    <p className="max-w-[44ch] text-ink-muted text-table">
      {mayDecide
        ? 'Nothing waits for your decision.'
        : 'Your role decides nothing here: operators annotate, release managers approve actions and promotions.'}
    </p>
  </div>
)

const Item = ({ item }: { item: WaitingItem }) => {
  const { icon: Icon, one } = WAITS[item.kind]
  return (
    <a
      href={item.href}
      className="grid grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-x-2.5 px-4 py-2 text-table hover:bg-hover focus-visible:outline-offset-[-2px]"
    >
      <Icon aria-hidden className="mt-0.5 size-4 text-ink-muted" strokeWidth={1.75} />
      <span className="grid min-w-0">
        <span className="break-words line-clamp-2 font-medium text-ink">
          <span className="sr-only">{one}: </span>
          {item.text}
        </span>
        {item.detail ? <span className="truncate text-ink-muted text-meta">{item.detail}</span> : null}
      </span>
      <span className="grid justify-items-end text-ink-muted text-meta">
        <RelativeTime iso={item.since} />
        {item.until ? (
          <span>
            until <RelativeTime iso={item.until} />
          </span>
        ) : null}
      </span>
    </a>
  )
}

// All of them by kind: the list above names the most urgent.
const Totals = ({ counts, told }: { counts: Waiting['counts']; told: readonly WaitingKind[] }) => (
  <p className="flex flex-wrap gap-x-3 gap-y-1 border-line border-t px-4 py-2 text-ink-muted text-meta">
    {told.map((kind) => {
      const { one, many, href } = WAITS[kind]
      const count = counts[kind] ?? 0
      return (
        <a key={kind} href={href} className={linkStyle}>
          {count} {count === 1 ? one : many}
        </a>
      )
    })}
  </p>
)
