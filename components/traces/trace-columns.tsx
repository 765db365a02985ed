import { History, Radio } from 'lucide-react'
import type { Column } from '@/components/table/column'
import { CopyId } from '@/components/ui/copy-id'
import { RelativeTime } from '@/components/ui/relative-time'
import type { TraceSummary } from '@/lib/tracing/contract'
import { Found, LabelChips, Money, none, RiskLevel, Tokens, Took } from './trace-cells'
import { TraceStatus } from './trace-status'
import { originWords, runName } from './trace-words'

type Trace = TraceSummary

const text = (value: string | null) =>
  value === null || value === '' ? none : <span className="block truncate text-ink-soft">{value}</span>

const id = (value: string | null, what: string) => (value === null ? none : <CopyId id={value} what={what} />)

const RunName = ({ trace }: { trace: Trace }) => {
  const name = runName(trace)
  const Icon = trace.replay_of ? History : trace.origin === 'run' ? null : Radio
  const from = trace.replay_of ? 'Replay' : originWords(trace.origin)
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="truncate" title={trace.user_id ? `${name} for ${trace.user_id}` : name}>
        {name}
        {trace.user_id ? <span className="ml-2 font-normal text-ink-muted">{trace.user_id}</span> : null}
      </span>
      {Icon ? (
        <span title={from} className="shrink-0 text-ink-muted">
          <Icon aria-hidden className="size-3.5" />
          <span className="sr-only">{from}</span>
        </span>
      ) : null}
    </span>
  )
}

const lead: Column<Trace> = {
  id: 'run',
  header: 'Run',
  lead: true,
  className: 'w-[26%] max-w-0',
  cell: (trace) => <RunName trace={trace} />,
}

const whatColumns: readonly Column<Trace>[] = [
  { id: 'status', header: 'Status', cell: (trace) => <TraceStatus status={trace.status} /> },
  {
    id: 'model',
    header: 'Model',
    from: 'wide',
    className: 'max-w-48',
    cell: (trace) => <span title={`${trace.provider}/${trace.model}`}>{text(trace.model)}</span>,
  },
  { id: 'role', header: 'Role', from: 'wide', className: 'max-w-32', cell: (trace) => text(trace.agent_role) },
  { id: 'provider', header: 'Provider', from: 'wide', className: 'max-w-32', cell: (trace) => text(trace.provider) },
  {
    id: 'workspace',
    header: 'Workspace',
    from: 'wide',
    className: 'max-w-40',
    cell: (trace) => text(trace.workspace_id),
  },
  {
    id: 'environment',
    header: 'Environment',
    from: 'full',
    className: 'max-w-32',
    cell: (trace) => text(trace.environment),
  },
  { id: 'user', header: 'User', from: 'wide', className: 'max-w-40', cell: (trace) => text(trace.user_id) },
  { id: 'session', header: 'Session', from: 'wide', className: 'max-w-48', cell: (trace) => text(trace.session_key) },
  { id: 'origin', header: 'Origin', from: 'wide', cell: (trace) => text(originWords(trace.origin)) },
  {
    id: 'labels',
    header: 'Labels',
    from: 'full',
    className: 'w-[18%] max-w-0',
    cell: (trace) => <LabelChips labels={trace.labels} />,
  },
  { id: 'id', header: 'Trace id', from: 'wide', cell: (trace) => id(trace.id, 'trace id') },
  { id: 'task', header: 'Task', from: 'wide', cell: (trace) => id(trace.task_id, 'task id') },
  { id: 'document', header: 'Document', from: 'wide', cell: (trace) => id(trace.document_id, 'document id') },
  { id: 'message', header: 'Message', from: 'wide', cell: (trace) => id(trace.message_id, 'message id') },
]

const figureColumns: readonly Column<Trace>[] = [
  {
    id: 'steps',
    header: 'Steps',
    align: 'right',
    from: 'wide',
    cell: (trace) => (trace.origin === 'run' ? trace.step_count : trace.span_count),
  },
  { id: 'tools', header: 'Tool calls', align: 'right', from: 'wide', cell: (trace) => trace.tool_call_count },
  {
    id: 'tokens',
    header: 'Tokens',
    align: 'right',
    from: 'wide',
    cell: (trace) => <Tokens count={trace.total_tokens} />,
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'medium',
    cell: (trace) => <Money micro={trace.total_cost_micro_usd} estimated={trace.usage.usage_estimated} />,
  },
  { id: 'took', header: 'Took', align: 'right', from: 'medium', cell: (trace) => <Took ms={trace.duration_ms} /> },
]

export const TRACE_COLUMNS: readonly Column<Trace>[] = [
  lead,
  ...whatColumns,
  { id: 'risk', header: 'Risk', from: 'wide', cell: (trace) => <RiskLevel risk={trace.risk} /> },
  ...figureColumns,
  {
    id: 'started',
    header: 'Started',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (trace) => <RelativeTime iso={trace.started_at} className="text-ink-soft" />,
  },
]

export const USUAL_COLUMNS = ['status', 'model', 'environment', 'labels', 'risk', 'tokens', 'cost', 'took', 'started']

export const USUAL_TRACE_COLUMNS = TRACE_COLUMNS.filter(({ id, lead }) => lead || USUAL_COLUMNS.includes(id))

// Stands where a search found its words.
const FOUND_COLUMN: Column<Trace> = {
  id: 'found',
  header: 'Found',
  from: 'wide',
  className: 'w-2/5 max-w-0',
  cell: (trace) => <Found snippet={trace.snippet} />,
}

const LESS_THAN_FOUND = ['environment', 'labels', 'risk', 'tokens']

// What was found needs room, so in a search some columns stand back.
export const withFound = (columns: readonly Column<Trace>[]): Column<Trace>[] =>
  columns
    .filter((column) => !LESS_THAN_FOUND.includes(column.id))
    .flatMap((column) => (column.lead ? [column, FOUND_COLUMN] : [column]))
