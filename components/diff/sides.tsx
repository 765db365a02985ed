'use client'

import { ArrowUpRight } from 'lucide-react'
import { TraceStatus } from '@/components/traces/trace-status'
import { runName, traceHref } from '@/components/traces/trace-words'
import { CopyId } from '@/components/ui/copy-id'
import { RelativeTime } from '@/components/ui/relative-time'
import type { TraceDiff } from '@/lib/tracing/contract'
import { useSummary } from './use-diff'
import { TwoColumns } from './word-diff'

export const Sides = ({ diff }: { diff: TraceDiff }) => (
  <TwoColumns>
    <Side name="Base" id={diff.trace_ids.base} model={diff.model.base_model} hash={diff.workspace.base_hash} />
    <Side
      name="Compare"
      id={diff.trace_ids.compare}
      model={diff.model.compare_model}
      hash={diff.workspace.compare_hash}
    />
  </TwoColumns>
)

type SideProps = { name: string; id: string; model: string; hash: string | null }

const Side = ({ name, id, model, hash }: SideProps) => {
  const { data: trace } = useSummary(id)
  return (
    <section
      aria-label={`${name} trace`}
      className="grid min-w-0 gap-1.5 rounded-md border border-line bg-surface px-4 py-2.5"
    >
      <h2 className="flex min-h-6 flex-wrap items-center gap-x-3 gap-y-1 text-table">
        <span className="font-semibold text-ink">{name}</span>
        {trace ? <TraceStatus status={trace.status} /> : null}
        {trace ? <span className="font-normal text-ink-soft">{runName(trace)}</span> : null}
        {trace ? <RelativeTime iso={trace.started_at} className="font-normal text-ink-muted text-meta" /> : null}
        <a
          href={traceHref(id)}
          className="ml-auto inline-flex min-h-6 items-center gap-1 font-normal text-accent text-meta underline-offset-2 hover:underline"
        >
          Open <span className="sr-only">{name.toLowerCase()} trace</span>
          <ArrowUpRight aria-hidden className="size-3" />
        </a>
      </h2>
      <p className="flex flex-wrap gap-x-5 gap-y-1 text-ink-muted text-meta">
        <CopyId id={id} what="trace id" />
        <span className="break-all">{model}</span>
        {hash ? <CopyId id={hash} what="workspace hash" /> : null}
      </p>
    </section>
  )
}
