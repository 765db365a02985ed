'use client'

import { CircleCheck, CircleDashed, CircleX, TriangleAlert, X } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { QueryView } from '@/components/states/query-view'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatDuration, formatMoney } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs } from '@/components/ui/tabs'
import type { SpanDetail } from '@/lib/tracing/contract'
import { kindLook, subjectOf } from './kind-look'
import { stepTabs } from './step-tabs'
import { useSpan } from './use-spans'
import { Withheld } from './withheld'

type Note = { text: string; tone: Tone }
type StepDetailProps = { traceId: string; spanId: string; notes: readonly Note[]; onClose: () => void }

export const StepDetail = ({ traceId, spanId, notes, onClose }: StepDetailProps) => {
  const query = useSpan(traceId, spanId)
  return (
    <>
      <header className="sticky top-0 z-10 flex min-h-11 items-center gap-2 border-line border-b bg-inherit px-4">
        <h2 className="min-w-0 truncate font-semibold text-ink text-prose">
          {query.data ? <Title span={query.data.span} /> : 'Step'}
        </h2>
        <Button look="quiet" size="icon-small" aria-label="Close step" onClick={onClose} className="-mr-1.5 ml-auto">
          <X aria-hidden className="size-4" />
        </Button>
      </header>
      <div className="p-4">
        <QueryView
          query={query}
          what="This step"
          stillWorks="The list of steps still works."
          skeleton={<StepSkeleton />}
        >
          {({ span }) => <Body key={span.id} span={span} notes={notes} />}
        </QueryView>
      </div>
    </>
  )
}

const Title = ({ span }: { span: SpanDetail }) => {
  const { icon: Icon, ink, word } = kindLook(span.kind)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Icon aria-hidden className={cn('size-4 shrink-0', ink)} strokeWidth={1.75} />
      <span className={cn('shrink-0', ink)}>{word}</span>
      <span className="min-w-0 truncate" title={span.name}>
        {subjectOf(span)}
      </span>
    </span>
  )
}

const STATES = {
  ok: { tone: 'ok', icon: CircleCheck, word: 'Succeeded' },
  error: { tone: 'bad', icon: CircleX, word: 'Failed' },
  unset: { tone: 'system', icon: CircleDashed, word: 'No status' },
} as const

const NS_PER_MS = 1e6

const Line = ({ span, notes }: { span: SpanDetail; notes: readonly Note[] }) => {
  const { tone, icon, word } = STATES[span.status]
  const ms = span.end_ns === null ? null : Number(BigInt(span.end_ns) - BigInt(span.start_ns)) / NS_PER_MS
  const first = span.first_token_ns === null ? null : Number(BigInt(span.first_token_ns) - BigInt(span.start_ns))
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-table">
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
      {notes.map((note) => (
        <Badge key={note.text} tone={note.tone}>
          {note.text}
        </Badge>
      ))}
      <span>{ms === null ? 'Not ended' : formatDuration(ms)}</span>
      {first === null ? null : <span>first token after {formatDuration(first / NS_PER_MS)}</span>}
      {span.cost_micro_usd === null ? null : <span>{formatMoney(span.cost_micro_usd)}</span>}
    </p>
  )
}

const Failure = ({ span }: { span: SpanDetail }) =>
  span.status === 'error' && (span.status_message !== null || span.error_type !== null) ? (
    <p className="flex gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-table">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        {span.status_message ?? 'It failed.'}
        {span.error_type ? <code className="ml-2 font-mono text-meta">{span.error_type}</code> : null}
      </span>
    </p>
  ) : null

// The tab stays while one walks from step to step, as long as the next one has it too.
const Body = ({ span, notes }: { span: SpanDetail; notes: readonly Note[] }) => {
  const [wanted, want] = useQueryState('tab', parseAsString)
  const tabs = stepTabs(span)
  const value = tabs.find(({ id }) => id === wanted)?.id ?? tabs[0]?.id ?? ''
  return (
    <div className="grid min-w-0 gap-4">
      <Line span={span} notes={notes} />
      <Failure span={span} />
      {span.withheld ? <Withheld what="Messages, arguments and results of this step are withheld" /> : null}
      <Tabs label="About this step" tabs={tabs} value={value} onValueChange={(id) => void want(id)} />
    </div>
  )
}

const StepSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-5 w-40" />
    <Skeleton className="h-8 w-full" />
    <Skeleton className="h-64 w-full" />
  </div>
)
