'use client'

import { useQueryClient } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { SpanList } from '@/components/spans/span-list'
import { StepDetail } from '@/components/spans/step-detail'
import { useSpans } from '@/components/spans/use-spans'
import { QueryView } from '@/components/states/query-view'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Sheet } from '@/components/ui/sheet'
import { Skeleton } from '@/components/ui/skeleton'
import { useMedia } from '@/components/ui/use-media'
import { keyPrefixOf } from '@/lib/shared/query'
import { opsGetSpan, opsListSpans, type TraceDetail } from '@/lib/tracing/contract'
import { Annotations } from './annotations'
import { Governance } from './governance'
import { LabelEditor } from './label-editor'
import { stepNotes } from './step-notes'
import { TraceActs } from './trace-acts'
import { TraceFacts } from './trace-facts'
import { TraceNotice } from './trace-notice'
import { TraceSkeleton } from './trace-skeleton'
import { TraceStrip } from './trace-strip'
import { TraceTexts } from './trace-texts'
import { useTrace } from './use-trace'

export const TraceScreen = ({ id }: { id: string }) => {
  const query = useTrace(id)
  const client = useQueryClient()
  const refresh = () => {
    for (const stale of [opsListSpans, opsGetSpan]) void client.invalidateQueries({ queryKey: keyPrefixOf(stale) })
    void query.refetch()
  }
  return (
    <>
      <PageHeader
        title="Trace"
        text={
          <span className="pr-2">
            <CopyId id={id} what="trace id" full />
          </span>
        }
      >
        <TraceActs id={id} isRefreshing={query.isRefetching} onRefresh={refresh} />
      </PageHeader>
      <QueryView query={query} what="The trace" stillWorks="The other pages still work." skeleton={<TraceSkeleton />}>
        {({ trace }) => <TraceBody trace={trace} />}
      </QueryView>
    </>
  )
}

const useOpenSpan = () => {
  const [id, write] = useQueryState('span', parseAsString)
  return {
    id,
    open: (next: string) => void write(next, { history: id === null ? 'push' : 'replace' }),
    close: () => void write(null, { history: 'push' }),
  }
}

const TraceBody = ({ trace }: { trace: TraceDetail }) => {
  const span = useOpenSpan()
  const isWide = useMedia('(min-width: 1100px)')
  const notes = useMemo(() => stepNotes(trace), [trace])
  const detail = span.id ? (
    <StepDetail traceId={trace.id} spanId={span.id} notes={notes.get(span.id) ?? []} onClose={span.close} />
  ) : null
  return (
    <div className="grid gap-4">
      <TraceStrip trace={trace} />
      <TraceNotice trace={trace} />
      <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_minmax(380px,32%)]">
        <Steps trace={trace} notes={notes} openId={span.id} onOpen={span.open} isWide={isWide} />
        <aside
          aria-label={detail && isWide ? 'Step' : 'Texts'}
          className="min-w-0 rail:sticky rail:top-[60px] rail:row-span-2 rail:max-h-[calc(100dvh-72px)] rail:overflow-y-auto rail:rounded-md"
        >
          {detail && isWide ? (
            <div className="rounded-md border border-line bg-surface">{detail}</div>
          ) : (
            <TraceTexts trace={trace} />
          )}
        </aside>
        <Rest trace={trace} />
      </div>
      {isWide ? null : (
        <Sheet open={detail !== null} onOpenChange={(open) => open || span.close()} title="Step" side="right">
          {detail}
        </Sheet>
      )}
    </div>
  )
}

type StepsProps = {
  trace: TraceDetail
  notes: ReturnType<typeof stepNotes>
  openId: string | null
  onOpen: (id: string) => void
  isWide: boolean
}

const Steps = ({ trace, ...list }: StepsProps) => {
  const query = useSpans(trace.id)
  return (
    <QueryView query={query} what="The steps" skeleton={<Skeleton className="h-96 w-full rounded-md" />}>
      {(loaded) =>
        loaded.total === 0 ? (
          <Card title="Steps">
            <p className="py-4 text-center text-ink-muted text-table">
              {trace.status === 'running' ? 'No step is finished yet.' : 'None is kept.'}
            </p>
          </Card>
        ) : (
          <SpanList key={trace.id} loaded={loaded} {...list} />
        )
      }
    </QueryView>
  )
}

const Rest = ({ trace }: { trace: TraceDetail }) => (
  <div className="grid min-w-0 items-start gap-4 sheet:grid-cols-2">
    <TraceFacts trace={trace} />
    <Governance trace={trace} />
    <Card>
      <LabelEditor id={trace.id} labels={trace.labels} />
    </Card>
    <Annotations id={trace.id} />
  </div>
)
