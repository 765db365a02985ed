'use client'

import { Pause, Play } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Tooltip } from '@/components/ui/tooltip'
import { useLive } from './live-context'
import type { LiveState } from './use-live'

const WORDS: Record<LiveState, { label: string; tip: string; dot: string }> = {
  live: { label: 'Live', tip: 'Pages follow events as they happen. Press to pause.', dot: 'bg-ok' },
  connecting: { label: 'Connecting', tip: 'Opening the event stream.', dot: 'bg-warn' },
  paused: { label: 'Paused', tip: 'Pages stay as they are. Press to follow again.', dot: 'bg-system' },
  offline: { label: 'Offline', tip: 'The event stream is cut; trying again. Pages still load.', dot: 'bg-bad' },
}

export const LiveIndicator = () => {
  const { state, toggle } = useLive()
  const words = WORDS[state]
  const Icon = state === 'paused' ? Play : Pause
  return (
    <Tooltip text={words.tip}>
      <button
        type="button"
        onClick={toggle}
        aria-label={`${words.label}. ${state === 'paused' ? 'Follow events' : 'Pause events'}`}
        className="group/live inline-flex h-8 items-center gap-2 rounded-md px-2 text-ink-muted text-meta hover:bg-hover hover:text-ink max-sheet:hidden"
      >
        <span className="relative grid size-3 place-items-center">
          <span className={cn('size-2 rounded-full group-hover/live:invisible', words.dot)} />
          <Icon aria-hidden className="absolute size-3 opacity-0 group-hover/live:opacity-100" />
        </span>
        <span data-live={state}>{words.label}</span>
      </button>
    </Tooltip>
  )
}
