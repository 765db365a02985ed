'use client'

import { RotateCw, ScrollText, TriangleAlert } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import type { Trace } from '@/lib/tracing/contract'
import { TraceFacts } from './trace-facts'
import { TraceSkeleton } from './trace-skeleton'
import { TraceStatus } from './trace-status'
import { TraceSteps } from './trace-steps'
import { TraceTexts } from './trace-texts'
import { useTrace } from './use-trace'

export const TraceScreen = ({ id }: { id: string }) => {
  const query = useTrace(id)
  const mayAudit = useMay('audit:view')
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
        {mayAudit ? (
          <Button asChild>
            <a href={`/ops/audit?trace_id=${encodeURIComponent(id)}`}>
              <ScrollText aria-hidden className="size-4" /> Audit rows
            </a>
          </Button>
        ) : null}
        <Button onClick={() => void query.refetch()} pending={query.isRefetching}>
          {query.isRefetching ? null : <RotateCw aria-hidden className="size-3.5" />} Refresh
        </Button>
      </PageHeader>
      <QueryView query={query} what="The trace" stillWorks="The other pages still work." skeleton={<TraceSkeleton />}>
        {({ trace }) => <TraceBody trace={trace} />}
      </QueryView>
    </>
  )
}

const TraceBody = ({ trace }: { trace: Trace }) => (
  <div className="grid gap-4">
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-muted text-table">
      <TraceStatus status={trace.status} />
      {trace.status === 'running' ? 'What it says and costs is stored when it ends; refresh to see it.' : null}
      {trace.withheld || trace.status === 'running' ? null : 'That you opened its texts is recorded in the audit log.'}
    </p>
    {trace.error ? <Failure message={trace.error} code={trace.error_code} /> : null}
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_340px]">
      <div className="grid min-w-0 gap-4">
        <TraceTexts trace={trace} />
        <TraceSteps trace={trace} />
      </div>
      <TraceFacts trace={trace} />
    </div>
  </div>
)

const Failure = ({ message, code }: { message: string; code: string | null }) => (
  <section aria-label="Error" className="grid gap-1 rounded-md border border-bad bg-bad-soft px-4 py-3 text-bad">
    <h2 className="flex flex-wrap items-center gap-2 font-semibold text-prose">
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      The run failed
      {code ? <code className="font-mono font-normal text-meta">{code}</code> : null}
    </h2>
    <p className="break-words text-table">{message}</p>
  </section>
)
