import type { Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { eventName, toneOf } from './event-tone'

const DOTS: Partial<Record<Tone, string>> = { bad: 'bg-bad', warn: 'bg-warn', ok: 'bg-ok' }

export const EventLabel = ({ type }: { type: string }) => (
  <span className="inline-flex min-w-0 items-center gap-2">
    <span aria-hidden className={cn('size-1.5 shrink-0 rounded-full', DOTS[toneOf(type)] ?? 'bg-line-strong')} />
    <span className="truncate">{eventName(type)}</span>
  </span>
)
