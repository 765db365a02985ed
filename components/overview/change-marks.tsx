'use client'

import { cn } from '@/components/ui/cn'
import { formatHour } from '@/components/ui/format'
import { Tooltip } from '@/components/ui/tooltip'
import type { Change, Runs } from '@/lib/jobs/contract'
import { anchorOf, type Mark, marksOf } from './course'
import { CHANGES, LANES } from './overview-words'

// The width of the axis on the left and the space on the right of the chart above: one axis of time for both.
const PLOT = 'relative ml-14 mr-2 h-6'

// Marks are pressed with a finger: as many places as have room for one.
const SLOTS = { wide: 16, narrow: 10 }

type ChangeMarksProps = { changes: readonly Change[]; runs: Pick<Runs, 'since' | 'by_hour'> }

export const ChangeMarks = (props: ChangeMarksProps) => (
  <>
    <Lanes {...props} slots={SLOTS.wide} className="max-sheet:hidden" />
    <Lanes {...props} slots={SLOTS.narrow} className="sheet:hidden" />
  </>
)

const Lanes = ({ changes, runs, slots, className }: ChangeMarksProps & { slots: number; className: string }) => {
  const lanes = marksOf(changes, { since: runs.since, hours: runs.by_hour.length, slots })
  const told = LANES.filter((lane) => lanes[lane].length > 0)
  if (told.length === 0) return null
  return (
    <div className={cn('grid border-line border-t pt-1', className)}>
      {told.map((lane) => (
        <div key={lane} className="relative">
          <span className="absolute top-0 left-0 w-12 text-right text-ink-muted text-meta leading-6">{lane}</span>
          <ul aria-label={`${lane}: changes on the same axis of time`} className={PLOT}>
            {lanes[lane].map((mark) => (
              <MarkItem key={mark.id} mark={mark} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

const wordsOf = (changes: readonly Change[]): string =>
  changes.map(({ kind, text, at }) => `${formatHour(at)} ${CHANGES[kind].words}: ${text}`).join('; ')

const MOST_TOLD = 5

// What is seen stands in what is said: a place with several changes shows how many.
const labelOf = (changes: readonly Change[]): string => {
  const words = wordsOf(changes.slice(0, MOST_TOLD))
  return changes.length > 1 ? `${changes.length}: ${words}` : words
}

const MarkItem = ({ mark: { place, changes } }: { mark: Mark }) => {
  const [newest] = changes
  if (!newest) return null
  const { icon: Icon, ink } = CHANGES[newest.kind]
  return (
    <li className="absolute top-0 -translate-x-1/2" style={{ left: `${(100 * place).toFixed(2)}%` }}>
      <Tooltip side="top" text={<Told changes={changes} />}>
        <a
          href={`#${anchorOf(newest)}`}
          aria-label={labelOf(changes)}
          className={cn('grid h-6 min-w-6 place-items-center rounded-sm hover:bg-hover', ink)}
        >
          {changes.length > 1 ? (
            <span aria-hidden className="font-semibold text-meta">
              {changes.length}
            </span>
          ) : (
            <Icon aria-hidden className="size-3.5" />
          )}
        </a>
      </Tooltip>
    </li>
  )
}

const Told = ({ changes }: { changes: readonly Change[] }) => (
  <span className="grid gap-0.5">
    {changes.slice(0, MOST_TOLD).map(({ seq, at, text }) => (
      <span key={seq} className="break-words">
        <span className="text-ink-muted">{formatHour(at)}</span> {text}
      </span>
    ))}
    {changes.length > MOST_TOLD ? <span className="text-ink-muted">and {changes.length - MOST_TOLD} more</span> : null}
  </span>
)
