import { CircleX, Minus } from 'lucide-react'
import { kindLook } from '@/components/spans/kind-look'
import { traceHref } from '@/components/traces/trace-words'
import { cn } from '@/components/ui/cn'
import type { Alignment } from '@/lib/tracing/contract'
import { stateWords } from './diff-words'

type Side = 'base' | 'compare'
type PairSideProps = { item: Alignment; side: Side; traceId: string }

const sideOf = (item: Alignment, side: Side) =>
  side === 'base'
    ? { index: item.base_index, spanId: item.base_span_id, status: item.base_status, label: item.label }
    : {
        index: item.compare_index,
        spanId: item.compare_span_id,
        status: item.compare_status,
        label: item.compare_label ?? item.label,
      }

const WORDS = { base: 'Base', compare: 'Compare' } as const

export const PairSide = ({ item, side, traceId }: PairSideProps) => {
  const { index, spanId, status, label } = sideOf(item, side)
  if (index === null)
    return (
      <p className="flex min-h-6 items-center gap-1.5 rounded-sm border border-line border-dashed px-2 text-ink-muted text-meta max-sheet:hidden">
        <Minus aria-hidden className="size-3.5" /> no such step
      </p>
    )
  const { icon: Icon, ink, word } = kindLook(item.kind)
  const href = spanId === null ? traceHref(traceId) : `${traceHref(traceId)}?${new URLSearchParams({ span: spanId })}`
  return (
    <p className="flex min-h-6 min-w-0 items-center gap-1.5 text-table">
      <span className="w-16 shrink-0 text-ink-muted text-meta sheet:sr-only">{WORDS[side]}</span>
      <span className="w-8 shrink-0 text-right text-ink-muted text-meta">{index + 1}</span>
      <Icon aria-hidden className={cn('size-4 shrink-0', ink)} strokeWidth={1.75} />
      <span className={cn('shrink-0 font-medium text-meta', ink)}>{word}</span>
      <a href={href} className="min-w-0 truncate text-ink underline-offset-2 hover:underline" title={label}>
        {label}
      </a>
      {status !== null && status !== 'ok' && status !== 'unset' ? (
        <span className="inline-flex shrink-0 items-center gap-1 text-bad text-meta">
          <CircleX aria-hidden className="size-3" /> {stateWords(status)}
        </span>
      ) : null}
    </p>
  )
}
