import type { Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { eventName, toneOf } from './event-tone'

const DOTS: Partial<Record<Tone, string>> = { bad: 'bg-bad', warn: 'bg-warn', ok: 'bg-ok' }

type EventLabelProps = { type: string; data?: Readonly<Record<string, unknown>> | null }

// What kind of change it was, where the event has more than one kind.
const kindOf = (data: EventLabelProps['data']): string | null => {
  const kind = data?.['kind'] ?? data?.['action']
  return typeof kind === 'string' ? kind.replace(/[_.]/g, ' ') : null
}

export const EventLabel = ({ type, data }: EventLabelProps) => (
  <span className="inline-flex min-w-0 items-center gap-2">
    <span aria-hidden className={cn('size-1.5 shrink-0 rounded-full', DOTS[toneOf(type)] ?? 'bg-line-strong')} />
    <span className="truncate">
      {eventName(type)}
      {kindOf(data) ? <span className="ml-1.5 font-normal text-ink-muted">{kindOf(data)}</span> : null}
    </span>
  </span>
)
