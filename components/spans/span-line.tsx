import { ChevronDown, ChevronRight, CircleX, TriangleAlert, Unlink } from 'lucide-react'
import { Badge, type Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { formatCount, formatDuration, formatMoney } from '@/components/ui/format'
import type { SpanRow } from '@/lib/tracing/contract'
import { kindLook, subjectOf } from './kind-look'
import { below, type SpanTree, spanAt } from './span-tree'
import { SPAN_ROW_PX } from './use-scroll-window'

export const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_64px] sheet:grid-cols-[minmax(0,11fr)_minmax(0,9fr)_64px_64px] items-center gap-x-3 pr-3'

const INDENT_PX = 14
const MOST_INDENT = 12
const LEAST_PERCENT = 0.4

export type LineNote = { text: string; tone: Tone }

type LineProps = {
  tree: SpanTree
  place: number
  notes: readonly LineNote[] | undefined
  row: number
  isFolded: boolean
  isActive: boolean
  isOpen: boolean
}

export const SpanLine = (props: LineProps) => {
  const { tree, place, row, isFolded, isActive, isOpen } = props
  const span = spanAt(tree, place)
  const depth = tree.depth[place] ?? 0
  const hasChildren = below(tree, place) > 0
  return (
    <div
      id={`span-row-${place}`}
      role="treeitem"
      tabIndex={-1}
      data-row={row}
      aria-level={depth + 1}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-selected={isOpen}
      style={{ height: SPAN_ROW_PX }}
      className={cn(
        COLUMNS,
        'relative cursor-pointer border-line border-b text-table outline-none hover:bg-hover',
        isOpen && 'bg-accent-soft hover:bg-accent-soft',
        isActive && 'group-focus-visible/tree:shadow-[inset_0_0_0_2px_var(--accent-line)]',
      )}
    >
      <span
        className="flex h-full min-w-0 items-center gap-1.5"
        style={{ paddingLeft: Math.min(depth, MOST_INDENT) * INDENT_PX + 4 }}
      >
        <Fold count={below(tree, place)} isFolded={isFolded} />
        {span ? <Name span={span} notes={props.notes ?? []} /> : <StrayName count={below(tree, place)} />}
        {isFolded ? (
          <span className="shrink-0 text-ink-muted text-meta">+{formatCount(below(tree, place))}</span>
        ) : null}
      </span>
      {span ? <Bar {...props} span={span} /> : <span className="max-sheet:hidden" />}
      <span className="text-right text-ink-soft text-meta">{span ? <Length {...props} /> : null}</span>
      <span className="text-right text-ink-soft text-meta max-sheet:hidden">
        {span?.cost_micro_usd ? (
          <span className={cn(!span.is_counting && 'text-ink-muted')} title={span.is_counting ? undefined : UNCOUNTED}>
            {span.is_counting ? '' : '('}
            {formatMoney(span.cost_micro_usd)}
            {span.is_counting ? '' : ')'}
          </span>
        ) : null}
      </span>
    </div>
  )
}

const UNCOUNTED = 'Counted at another span already, so it is no part of the total'

const Fold = ({ count, isFolded }: { count: number; isFolded: boolean }) => {
  const Icon = isFolded ? ChevronRight : ChevronDown
  return (
    <span
      aria-hidden
      {...(count > 0 ? { 'data-fold': true } : {})}
      className="grid h-full w-6 shrink-0 place-items-center text-ink-muted hover:text-ink"
    >
      {count > 0 ? <Icon className="size-3.5" /> : null}
    </span>
  )
}

const Name = ({ span, notes }: { span: SpanRow; notes: readonly LineNote[] }) => {
  const { icon: Icon, ink, word } = kindLook(span.kind)
  const subject = subjectOf(span)
  return (
    <>
      <Icon aria-hidden className={cn('size-4 shrink-0', ink)} strokeWidth={1.75} />
      <span className={cn('shrink-0 font-medium text-meta', ink)}>{word}</span>
      <span className="min-w-0 truncate text-ink" title={subject}>
        {subject}
      </span>
      {span.status === 'error' && notes.length === 0 ? (
        <Badge tone="bad" icon={CircleX}>
          Failed
        </Badge>
      ) : null}
      {notes.map(({ text, tone }) => (
        <Badge key={text} tone={tone} icon={TriangleAlert}>
          {text}
        </Badge>
      ))}
      {span.flags.includes('root_missing') ? (
        <span className="shrink-0 text-ink-muted text-meta">root never came</span>
      ) : null}
    </>
  )
}

const StrayName = ({ count }: { count: number }) => (
  <>
    <Unlink aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
    <span className="min-w-0 truncate text-ink-soft">
      {count === 1 ? '1 span whose parent never came' : `${formatCount(count)} spans whose parent never came`}
    </span>
  </>
)

const Length = ({ tree, place }: Pick<LineProps, 'tree' | 'place'>) => {
  const ms = tree.durationMs[tree.order[place] ?? -1] ?? Number.NaN
  return Number.isNaN(ms) ? <span className="text-ink-muted">open</span> : formatDuration(ms)
}

// When it ran within the trace. On a phone it is a thin line at the foot of the row.
const Bar = ({ tree, place, span }: Pick<LineProps, 'tree' | 'place'> & { span: SpanRow }) => {
  const at = tree.order[place] ?? -1
  const start = tree.startMs[at] ?? 0
  const length = tree.durationMs[at] ?? Number.NaN
  const left = Math.min(100 - LEAST_PERCENT, (start / tree.spanMs) * 100)
  const rest = 100 - left
  const width = Number.isNaN(length) ? rest : Math.min(rest, Math.max(LEAST_PERCENT, (length / tree.spanMs) * 100))
  return (
    <span
      aria-hidden
      title={`+${formatDuration(start)}`}
      className="absolute inset-x-3 bottom-0 h-0.5 sheet:relative sheet:inset-x-0 sheet:h-2.5"
    >
      <span
        className={cn(
          'absolute inset-y-0 rounded-[2px]',
          span.status === 'error' ? 'bg-bad' : kindLook(span.kind).bar,
          Number.isNaN(length) && 'opacity-40',
        )}
        style={{ left: `${left}%`, width: `${width}%` }}
      />
    </span>
  )
}
