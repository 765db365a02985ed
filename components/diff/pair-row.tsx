'use client'

import { ChevronDown, ChevronRight, Flag } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { formatDuration, formatMoney } from '@/components/ui/format'
import type { Alignment, TraceDiff } from '@/lib/tracing/contract'
import { classWords, OP_LOOKS, signed } from './diff-words'
import { PairBody } from './pair-body'
import { PairSide } from './pair-side'

type PairRowProps = {
  id: string
  item: Alignment
  diff: TraceDiff
  isFirst: boolean
  isCurrent: boolean
  isOpenAtFirst: boolean
}

const hasBody = ({ changes, text_diff: text, changes_cut: isCut }: Alignment): boolean =>
  changes.length > 0 || isCut || text !== undefined

// One place of the comparison: what stood there in base, what stands there in compare, and what became of it.
export const PairRow = ({ id, item, diff, isFirst, isCurrent, isOpenAtFirst }: PairRowProps) => {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const canOpen = hasBody(item)
  const { word, icon, tone } = OP_LOOKS[item.op]
  return (
    <li
      id={id}
      className={cn(
        'grid gap-2 px-4 py-2 [contain-intrinsic-size:auto_44px] [content-visibility:auto]',
        isCurrent && 'bg-accent-soft',
      )}
    >
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
        <Toggle isOpen={isOpen} canOpen={canOpen} label={item.label} onToggle={() => setOpen(!isOpen)} />
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
        {item.class ? <span className="text-ink-soft text-meta">{classWords(item.class)}</span> : null}
        {isFirst ? (
          <span className="inline-flex items-center gap-1 font-medium text-accent text-meta">
            <Flag aria-hidden className="size-3.5" /> Here they part
          </span>
        ) : null}
        {item.is_reordered ? (
          <span className="text-ink-muted text-meta">came in another order, which means nothing here</span>
        ) : null}
        <Delta item={item} />
      </div>
      <div className="grid gap-x-4 gap-y-1 sheet:grid-cols-2">
        <PairSide item={item} side="base" traceId={diff.trace_ids.base} />
        <PairSide item={item} side="compare" traceId={diff.trace_ids.compare} />
      </div>
      {isOpen && canOpen ? <PairBody item={item} isWithheld={diff.withheld} /> : null}
    </li>
  )
}

type ToggleProps = { isOpen: boolean; canOpen: boolean; label: string; onToggle: () => void }

const Toggle = ({ isOpen, canOpen, label, onToggle }: ToggleProps) => {
  if (!canOpen) return <span data-pair tabIndex={-1} className="size-6" />
  const Icon = isOpen ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      data-pair
      aria-expanded={isOpen}
      aria-label={`What differs at ${label}`}
      onClick={onToggle}
      className="grid size-6 place-items-center rounded-sm text-ink-muted hover:text-ink"
    >
      <Icon aria-hidden className="size-4" />
    </button>
  )
}

const Delta = ({ item: { op, delta } }: { item: Alignment }) => {
  if (delta === null || op === 'equal') return null
  const told = [
    delta.duration_ms === 0 ? '' : signed(delta.duration_ms, formatDuration),
    delta.cost_micro_usd === 0 ? '' : signed(delta.cost_micro_usd, formatMoney),
    delta.input_tokens + delta.output_tokens === 0
      ? ''
      : `${signed(delta.input_tokens + delta.output_tokens, String)} tokens`,
  ].filter((words) => words !== '')
  return <span className="ml-auto text-ink-muted text-meta">{told.join(' · ')}</span>
}
