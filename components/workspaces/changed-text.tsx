'use client'

import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Badge, type Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import type { Hunk } from '@/lib/workspace/contract/version-diff'
import { LineHunks } from './line-hunks'

export const Counts = ({ added, removed }: { added: number; removed: number }) => (
  <span className="whitespace-nowrap font-mono text-meta">
    <span className="text-ok">
      +{formatCount(added)}
      <span className="sr-only"> lines added</span>
    </span>{' '}
    <span className="text-bad">
      −{formatCount(removed)}
      <span className="sr-only"> lines removed</span>
    </span>
  </span>
)

type Props = {
  title: string
  status: { word: string; tone: Tone }
  counts: { added: number; removed: number } | null
  hunks: readonly Hunk[] | null
  // What is said where there are no lines to show.
  otherwise: ReactNode
  startsOpen: boolean
}

/** One text that changed: its name and its measure, unfolded its lines. */
export const ChangedText = ({ title, status, counts, hunks, otherwise, startsOpen }: Props) => {
  const [isOpen, setOpen] = useState(startsOpen)
  return (
    <li className="min-w-0 border-line border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-9 w-full min-w-0 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5 text-left text-table hover:bg-hover focus-visible:-outline-offset-2"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-3.5 shrink-0 text-ink-muted transition-transform', isOpen && 'rotate-90')}
        />
        <span className="min-w-0 break-all font-mono text-meta">{title}</span>
        <Badge tone={status.tone}>{status.word}</Badge>
        <span className="ml-auto">{counts ? <Counts {...counts} /> : null}</span>
      </button>
      {isOpen ? (
        hunks && hunks.length > 0 ? (
          <LineHunks hunks={hunks} />
        ) : (
          <p className="px-10 pb-3 text-ink-muted text-table">{otherwise}</p>
        )
      ) : null}
    </li>
  )
}
