import type { Column } from '@/components/table/column'
import { LabelChips, Money, none, Tokens, Took } from '@/components/traces/trace-cells'
import { TraceStatus } from '@/components/traces/trace-status'
import { runName, tracesHref } from '@/components/traces/trace-words'
import { RelativeTime } from '@/components/ui/relative-time'
import type { TraceSummary } from '@/lib/tracing/contract'
import type { SessionRun } from './use-sessions'

const THINGS = [
  { key: 'task_id', word: 'Task' },
  { key: 'document_id', word: 'Document' },
  { key: 'message_id', word: 'Message' },
] as const

// What the run worked on, each with all runs that did so too.
const Things = ({ trace }: { trace: TraceSummary }) =>
  THINGS.every(({ key }) => trace[key] === null) ? (
    none
  ) : (
    <span className="flex gap-2">
      {THINGS.map(({ key, word }) => {
        const id = trace[key]
        return id === null ? null : (
          <a
            key={key}
            href={tracesHref({ [key]: id })}
            title={`${word} ${id}: all its runs`}
            className="whitespace-nowrap text-accent underline-offset-2 hover:underline"
          >
            {word}
          </a>
        )
      })}
    </span>
  )

export const RUN_COLUMNS: readonly Column<SessionRun>[] = [
  {
    id: 'run',
    header: 'Run',
    lead: true,
    className: 'w-[22%] max-w-0',
    cell: ({ trace, number }) => (
      <span className="truncate">
        <span className="mr-2 text-ink-muted">{number}</span>
        {runName(trace)}
      </span>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ trace }) => <TraceStatus status={trace.status} /> },
  {
    id: 'model',
    header: 'Model',
    from: 'wide',
    className: 'max-w-32',
    cell: ({ trace }) => <span className="block truncate text-ink-soft">{trace.model}</span>,
  },
  { id: 'things', header: 'Worked on', from: 'wide', cell: ({ trace }) => <Things trace={trace} /> },
  {
    id: 'labels',
    header: 'Labels',
    from: 'full',
    className: 'w-[20%] max-w-0',
    cell: ({ trace }) => <LabelChips labels={trace.labels} />,
  },
  {
    id: 'tokens',
    header: 'Tokens',
    align: 'right',
    from: 'wide',
    cell: ({ trace }) => <Tokens count={trace.total_tokens} />,
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'medium',
    cell: ({ trace }) => <Money micro={trace.total_cost_micro_usd} estimated={trace.usage.usage_estimated} />,
  },
  {
    id: 'sofar',
    header: 'So far',
    align: 'right',
    from: 'medium',
    cell: ({ costSoFar }) => (
      <span className="text-ink-soft">
        <Money micro={costSoFar} />
      </span>
    ),
  },
  { id: 'took', header: 'Took', align: 'right', from: 'medium', cell: ({ trace }) => <Took ms={trace.duration_ms} /> },
  {
    id: 'started',
    header: 'Started',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: ({ trace }) => <RelativeTime iso={trace.started_at} className="text-ink-soft" />,
  },
]
