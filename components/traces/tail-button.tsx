'use client'

import { ArrowUp, Pause, Play } from 'lucide-react'
import { useLive } from '@/components/shell/live-context'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Tooltip } from '@/components/ui/tooltip'
import { plural } from './trace-words'
import type { Tail } from './use-tail'

const wordsOf = (tail: Tail, state: string): { label: string; tip: string } => {
  if (!tail.isPossible)
    return { label: 'Not following', tip: 'This page cannot grow: it is an older page, a search or a closed time.' }
  if (!tail.isOn) return { label: 'Paused', tip: 'New runs are not looked for. Press to follow again.' }
  if (state === 'paused') return { label: 'Paused above', tip: 'All live events are paused in the top bar.' }
  if (state !== 'live') return { label: 'Connecting', tip: 'The event stream is being opened.' }
  return { label: 'Following', tip: 'New runs are announced as they happen. Press to pause.' }
}

const dotOf = (isFollowing: boolean, state: string): string => {
  if (!isFollowing || state === 'paused') return 'bg-system'
  return state === 'live' ? 'bg-ok' : 'bg-warn'
}

export const TailButton = ({ tail }: { tail: Tail }) => {
  const { state } = useLive()
  const { label, tip } = wordsOf(tail, state)
  const isFollowing = tail.isPossible && tail.isOn
  const Icon = isFollowing ? Pause : Play
  return (
    <Tooltip text={tip}>
      <Button
        size="small"
        look="quiet"
        className="group/tail"
        data-tail={tail.isPossible ? (tail.isOn ? state : 'paused') : 'closed'}
        aria-pressed={tail.isPossible ? tail.isOn : undefined}
        aria-disabled={!tail.isPossible || undefined}
        onClick={() => tail.isPossible && tail.toggle()}
      >
        <span aria-hidden className="relative grid size-3.5 place-items-center">
          <span
            className={cn(
              'size-2 rounded-full',
              tail.isPossible && 'group-hover/tail:invisible',
              dotOf(isFollowing, state),
            )}
          />
          {tail.isPossible ? <Icon className="absolute size-3.5 opacity-0 group-hover/tail:opacity-100" /> : null}
        </span>
        {label}
      </Button>
    </Tooltip>
  )
}

// Floats over the list, so that no row moves under the cursor until it is pressed.
export const FreshRuns = ({ tail }: { tail: Tail }) => (
  <div role="status" className="pointer-events-none sticky top-[92px] z-20 flex h-0 justify-center">
    {tail.fresh > 0 ? (
      <Button
        look="primary"
        size="small"
        onClick={tail.show}
        className="pointer-events-auto mt-1.5 rounded-full px-3 shadow-overlay"
      >
        <ArrowUp aria-hidden className="size-3.5" />
        {tail.isMore ? `${tail.fresh}+ new runs` : plural(tail.fresh, 'new run')}
      </Button>
    ) : null}
  </div>
)
