'use client'

import { ArrowUpRight, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatCount, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import type { TraceSummary } from '@/lib/tracing/contract'
import { LabelEditor } from './label-editor'
import { deliveryWords, stopWords } from './run-words'
import { Money, RiskLevel, Took } from './trace-cells'
import { TraceStatus } from './trace-status'
import { originWords, plural, sessionHref, traceHref, tracesHref } from './trace-words'
import { useTraceSummary } from './use-traces'

type TracePeekProps = { id: string; row: TraceSummary | undefined }

export const TracePeek = ({ id, row }: TracePeekProps) => {
  const query = useTraceSummary(id, row === undefined)
  if (row) return <Body trace={row} />
  return (
    <QueryView query={query} what="This trace" stillWorks="The list still works." skeleton={<PeekSkeleton />}>
      {({ traces: [trace] }) =>
        trace ? <Body trace={trace} /> : <p className="text-ink-muted text-table">There is no such trace.</p>
      }
    </QueryView>
  )
}

const Body = ({ trace }: { trace: TraceSummary }) => (
  <>
    <div className="flex flex-wrap items-center justify-between gap-2">
      <TraceStatus status={trace.status} />
      <Button asChild look="primary" size="small">
        <a href={traceHref(trace.id)}>
          Open trace <ArrowUpRight aria-hidden className="size-3.5" />
        </a>
      </Button>
    </div>
    {trace.error ? (
      <p className="flex gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-table">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 break-words">{trace.error}</span>
      </p>
    ) : null}
    <Facts facts={[...whatFacts(trace), ...figureFacts(trace)]} />
    <LinkedThings trace={trace} />
    <LabelEditor id={trace.id} labels={trace.labels} />
    <Annotations annotations={trace.annotations} />
  </>
)

type Fact = { name: string; value: ReactNode }

const linkStyle = 'break-words text-accent underline-offset-2 hover:underline'

const linked = (name: string, value: string | null, href: (value: string) => string): Fact[] =>
  value === null
    ? []
    : [
        {
          name,
          value: (
            <a href={href(value)} className={linkStyle}>
              {value}
            </a>
          ),
        },
      ]

const whatFacts = (trace: TraceSummary): Fact[] => [
  {
    name: 'Started',
    value: (
      <>
        {formatUtc(trace.started_at)} · <RelativeTime iso={trace.started_at} className="text-ink-muted" />
      </>
    ),
  },
  { name: 'Took', value: <Took ms={trace.duration_ms} /> },
  ...(trace.stop_reason && trace.stop_reason !== 'completed'
    ? [{ name: 'Ended', value: stopWords(trace.stop_reason) }]
    : []),
  ...linked('Role', trace.agent_role, (role) => tracesHref({ agent_role: role })),
  ...linked('User', trace.user_id, (user) => tracesHref({ user_id: user })),
  ...linked('Session', trace.session_key, sessionHref),
  {
    name: 'Workspace',
    value: (
      <span className="flex flex-wrap items-center gap-x-2">
        {trace.workspace_id}
        {trace.workspace_hash ? <CopyId id={trace.workspace_hash} what="workspace hash" /> : null}
      </span>
    ),
  },
  { name: 'Environment', value: trace.arm ? `${trace.environment}, ${trace.arm} arm` : trace.environment },
  { name: 'Origin', value: originWords(trace.origin) },
]

const tokenWords = ({ usage }: TraceSummary): string => {
  const cached = usage.cache_read_tokens > 0 ? `, ${formatCount(usage.cache_read_tokens)} of it cached` : ''
  const thought = usage.reasoning_tokens > 0 ? `, ${formatCount(usage.reasoning_tokens)} of it reasoning` : ''
  return `${formatCount(usage.input_tokens)} in${cached}; ${formatCount(usage.output_tokens)} out${thought}`
}

const figureFacts = (trace: TraceSummary): Fact[] => [
  { name: 'Model', value: <span className="break-all font-mono text-meta">{`${trace.provider}/${trace.model}`}</span> },
  { name: 'Tokens', value: tokenWords(trace) },
  {
    name: 'Cost',
    value: <Money micro={trace.total_cost_micro_usd} estimated={trace.usage.usage_estimated} />,
  },
  { name: 'Risk', value: <RiskLevel risk={trace.risk} /> },
  {
    name: trace.origin === 'run' ? 'Steps' : 'Spans',
    value: `${formatCount(trace.origin === 'run' ? trace.step_count : trace.span_count)}, ${plural(trace.tool_call_count, 'tool call')}`,
  },
  ...(trace.origin === 'run' ? [{ name: 'Delivery', value: deliveryWords(trace.delivery) }] : []),
  { name: 'Trace id', value: <CopyId id={trace.id} what="trace id" full /> },
]

const THINGS = [
  { name: 'Task', key: 'task_id' },
  { name: 'Document', key: 'document_id' },
  { name: 'Message', key: 'message_id' },
] as const

const LinkedThings = ({ trace }: { trace: TraceSummary }) => {
  const found = THINGS.flatMap(({ name, key }) => {
    const id = trace[key]
    return id === null ? [] : [{ name, key, id }]
  })
  if (found.length === 0) return null
  return (
    <section aria-label="Worked on" className="grid gap-2">
      <h3 className="font-semibold text-ink text-table">Worked on</h3>
      <Facts
        facts={found.map(({ name, key, id }) => ({
          name,
          value: (
            <span className="flex flex-wrap items-center gap-x-3">
              <CopyId id={id} what={`${name.toLowerCase()} id`} />
              <a href={tracesHref({ [key]: id })} className={`${linkStyle} text-meta`}>
                All its runs
              </a>
            </span>
          ),
        }))}
      />
    </section>
  )
}

const Annotations = ({ annotations }: Pick<TraceSummary, 'annotations'>) => {
  const all = Object.entries(annotations)
  if (all.length === 0) return null
  return (
    <section aria-label="Annotations" className="grid gap-2">
      <h3 className="font-semibold text-ink text-table">Annotations</h3>
      <Facts facts={all.map(([name, value]) => ({ name, value }))} />
    </section>
  )
}

const PeekSkeleton = () => (
  <div className="grid gap-5">
    <Skeleton className="h-7 w-full" />
    <Skeleton className="h-64 w-full" />
    <Skeleton className="h-16 w-full" />
  </div>
)
