import type { Column } from '@/components/table/column'
import { Money, none, Tokens, Took } from '@/components/traces/trace-cells'
import { TraceStatus } from '@/components/traces/trace-status'
import { sessionHref } from '@/components/traces/trace-words'
import { formatCount } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import type { TraceSession } from '@/lib/tracing/contract'

const text = (value: string | null) =>
  value === null ? none : <span className="block truncate text-ink-soft">{value}</span>

export const SESSION_COLUMNS: readonly Column<TraceSession>[] = [
  {
    id: 'session',
    header: 'Session',
    className: 'w-[32%] max-w-0 @max-[520px]/table:w-full @max-[520px]/table:pl-4',
    cell: (session) => (
      <a
        href={sessionHref(session.session_key)}
        data-row-link
        title={session.session_key}
        className="-mx-1.5 block truncate rounded-sm px-1.5 py-2 font-medium text-ink underline-offset-2 hover:text-accent hover:underline focus-visible:-outline-offset-2"
      >
        {session.session_key}
      </a>
    ),
  },
  { id: 'user', header: 'User', from: 'full', className: 'max-w-36', cell: (session) => text(session.user_id) },
  { id: 'role', header: 'Role', from: 'full', className: 'max-w-28', cell: (session) => text(session.agent_role) },
  { id: 'status', header: 'Last run', cell: (session) => <TraceStatus status={session.last_status} /> },
  { id: 'runs', header: 'Runs', align: 'right', from: 'medium', cell: (session) => formatCount(session.runs) },
  {
    id: 'errors',
    header: 'Failed',
    align: 'right',
    from: 'medium',
    cell: (session) =>
      session.errors > 0 ? <span className="font-medium text-bad">{formatCount(session.errors)}</span> : '0',
  },
  {
    id: 'tokens',
    header: 'Tokens',
    align: 'right',
    from: 'wide',
    cell: (session) => <Tokens count={session.total_tokens} />,
  },
  {
    id: 'cost',
    header: 'Cost',
    align: 'right',
    from: 'medium',
    cell: (session) => <Money micro={session.total_cost_micro_usd} />,
  },
  {
    id: 'took',
    header: 'Run time',
    align: 'right',
    from: 'wide',
    cell: (session) => <Took ms={session.duration_ms} />,
  },
  {
    id: 'first',
    header: 'Began',
    align: 'right',
    from: 'full',
    className: 'whitespace-nowrap',
    cell: (session) => <RelativeTime iso={session.first_started_at} className="text-ink-muted" />,
  },
  {
    id: 'last',
    header: 'Last active',
    align: 'right',
    className: 'whitespace-nowrap',
    cell: (session) => <RelativeTime iso={session.last_started_at} className="text-ink-soft" />,
  },
]
