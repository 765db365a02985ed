'use client'

import { type MouseEvent, useMemo } from 'react'
import { cn } from '@/components/ui/cn'
import type { Alignment } from '@/lib/tracing/contract'
import { marksOf } from './diff-rows'
import { OP_LOOKS } from './diff-words'

type MinimapProps = {
  alignment: readonly Alignment[]
  differences: readonly number[]
  onGo: (at: number | null) => void
}

// The whole comparison at a glance; a click leads to the nearest difference. The keys n and p do the same.
export const Minimap = ({ alignment, differences, onGo }: MinimapProps) => {
  const marks = useMemo(() => marksOf(alignment), [alignment])
  const go = (event: MouseEvent<HTMLButtonElement>) => {
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const wanted = ((event.clientY - top) / height) * alignment.length
    const nearest = [...differences].sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]
    onGo(nearest ?? null)
  }
  if (marks.length === 0) return null
  return (
    <div className="w-7 shrink-0 border-line border-l bg-sunken max-sheet:hidden">
      <button
        type="button"
        tabIndex={-1}
        onClick={go}
        aria-label="Map of the differences"
        className="sticky top-[60px] block h-[min(100%,calc(100dvh-80px))] min-h-8 w-full"
      >
        {marks.map(({ at, op, topPercent, heightPercent }) => (
          <span
            key={at}
            className={cn('absolute inset-x-1.5 min-h-0.5 rounded-[1px]', OP_LOOKS[op].mark)}
            style={{ top: `${topPercent}%`, height: `clamp(2px, calc(${heightPercent}% - 1px), 12px)` }}
          />
        ))}
      </button>
    </div>
  )
}
