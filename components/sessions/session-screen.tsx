'use client'

import { ArrowLeft, Rows3 } from 'lucide-react'
import { Figure } from '@/components/jobs/figure'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { usePeek } from '@/components/table/use-peek'
import { TracePeek } from '@/components/traces/trace-peek'
import { TraceSelection } from '@/components/traces/trace-selection'
import { plural, runName, traceHref, tracesHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { formatDuration, formatExactMoney, formatMoney, formatShortCount, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { TraceSession } from '@/lib/tracing/contract'
import { RUN_COLUMNS } from './run-columns'
import { useSession, useSessionRuns, withRunningCost } from './use-sessions'

export const SessionScreen = ({ sessionKey }: { sessionKey: string }) => {
  const query = useSession(sessionKey)
  return (
    <>
      <PageHeader
        title="Session"
        text={
          <span className="pr-2">
            <CopyId id={sessionKey} what="session key" full />
          </span>
        }
      >
        <Button asChild>
          <a href="/ops/sessions">
            <ArrowLeft aria-hidden className="size-3.5" /> All sessions
          </a>
        </Button>
      </PageHeader>
      <QueryView query={query} what="The session" stillWorks="The list still works." skeleton={<SessionSkeleton />}>
        {({ sessions: [session] }) => (session ? <Session session={session} /> : <Unknown />)}
      </QueryView>
    </>
  )
}

const Unknown = () => (
  <EmptyState
    icon={Rows3}
    title="There is no run of this session"
    text="The key is not known here, it belongs to another tenant, or its runs were deleted."
  />
)

const Session = ({ session }: { session: TraceSession }) => {
  const runs = useSessionRuns(session.session_key)
  const peek = usePeek()
  const peeked = runs.runs.find((trace) => trace.id === peek.id)
  return (
    <div className="grid gap-4">
      <SessionFigures session={session} />
      <div className="flex min-w-0 items-start gap-4">
        <section aria-label="Runs" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
          <QueryView query={runs.first} what="The runs" skeleton={<TableSkeleton columns={RUN_COLUMNS} selectable />}>
            {() => (
              <DataTable
                caption="Runs of this session, newest first"
                columns={RUN_COLUMNS}
                rows={withRunningCost(runs.runs, session)}
                rowId={({ trace }) => trace.id}
                hrefOf={traceHref}
                selection={(rows, clear) => <TraceSelection rows={rows.map(({ trace }) => trace)} clear={clear} />}
              />
            )}
          </QueryView>
          {runs.error ? <ErrorLine error={runs.error} /> : null}
          <footer className="flex items-center justify-between gap-2 border-line border-t px-4 py-2 text-ink-muted text-meta">
            {`${runs.runs.length.toLocaleString('en-US')} of ${plural(session.runs, 'run')}`}
            {runs.next ? (
              <Button size="small" onClick={runs.loadOlder} pending={runs.isLoading}>
                Load older runs
              </Button>
            ) : null}
          </footer>
        </section>
        <PeekPanel peek={peek} title={peeked ? runName(peeked) : 'Trace'}>
          {peek.id ? <TracePeek id={peek.id} row={peeked} /> : null}
        </PeekPanel>
      </div>
    </div>
  )
}

const SessionFigures = ({ session }: { session: TraceSession }) => {
  const inSession = { session_key: session.session_key }
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line max-rail:*:last:col-span-2 rail:grid-cols-5">
      <Figure
        name="Runs"
        value={session.runs}
        note={`${session.agent_role ?? 'no role'} for ${session.user_id ?? 'nobody named'}`}
        href={tracesHref(inSession)}
      />
      <Figure
        name="Failed"
        value={session.errors}
        note={session.errors === 0 ? 'none of them' : `of ${plural(session.runs, 'run')}`}
        href={session.errors > 0 ? tracesHref({ ...inSession, status: 'error' }) : null}
      />
      <Figure
        name="Cost so far"
        value={
          <span title={formatExactMoney(session.total_cost_micro_usd)}>
            {formatMoney(session.total_cost_micro_usd)}
          </span>
        }
        note={`${formatMoney(session.total_cost_micro_usd / Math.max(1, session.runs))} a run`}
        href={null}
      />
      <Figure
        name="Tokens"
        value={session.total_tokens}
        note={`${formatShortCount(session.total_tokens / Math.max(1, session.runs))} a run`}
        href={null}
      />
      <Figure
        name="Run time"
        value={formatDuration(session.duration_ms)}
        note={
          <span title={`${formatUtc(session.first_started_at)} to ${formatUtc(session.last_started_at)}`}>
            began <RelativeTime iso={session.first_started_at} />, last <RelativeTime iso={session.last_started_at} />
          </span>
        }
        href={null}
      />
    </dl>
  )
}

const SessionSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-[106px] w-full rounded-md" />
    <div className="rounded-md border border-line bg-surface">
      <TableSkeleton columns={RUN_COLUMNS} rows={6} selectable />
    </div>
  </div>
)
