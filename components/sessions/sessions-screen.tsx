'use client'

import { Rows3 } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import { Pager } from '@/components/table/pager'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { useTraceFields } from '@/components/traces/trace-fields'
import { SESSIONS_TEXT, sessionHref } from '@/components/traces/trace-words'
import { Button } from '@/components/ui/button'
import { opsListSessions, type SessionPage } from '@/lib/tracing/contract'
import { SESSION_COLUMNS } from './session-columns'
import { useSessions } from './use-sessions'

const NAMES = Object.keys(opsListSessions.query.shape)

export const SessionsScreen = () => {
  const filters = useFilters(opsListSessions)
  const fields = useTraceFields().filter((field) => NAMES.includes(field.name))
  const query = useSessions(filters)
  return (
    <>
      <PageHeader title="Sessions" text={SESSIONS_TEXT} />
      <section aria-label="Sessions" className="@container/table rounded-md border border-line bg-surface">
        <FilterBar filters={filters} fields={fields} />
        <QueryView
          query={query}
          what="The sessions"
          stillWorks="Runs are still recorded."
          skeleton={<TableSkeleton columns={SESSION_COLUMNS} />}
        >
          {(page) => <Sessions page={page} filters={filters} stale={query.isPlaceholderData} />}
        </QueryView>
      </section>
    </>
  )
}

type SessionsProps = { page: SessionPage; filters: Filters; stale: boolean }

const Sessions = ({ page, filters, stale }: SessionsProps) => {
  if (page.sessions.length === 0) return <NoSessions filters={filters} />
  return (
    <>
      <DataTable
        caption="Sessions, last active first"
        columns={SESSION_COLUMNS}
        rows={page.sessions}
        rowId={(session) => session.session_key}
        hrefOf={sessionHref}
        stale={stale}
      />
      <Pager
        filters={filters}
        shown={page.sessions.length}
        total={null}
        exact
        next={page.next_cursor}
        noun={page.sessions.length === 1 ? 'session' : 'sessions'}
      />
    </>
  )
}

const NoSessions = ({ filters }: { filters: Filters }) =>
  Object.keys(filters.wire).length > 0 ? (
    <EmptyState
      icon={Rows3}
      title="No session matches"
      text="No session has a run with all of these properties."
      action={<Button onClick={filters.clear}>Clear the filters</Button>}
    />
  ) : (
    <EmptyState
      icon={Rows3}
      title="No session yet"
      text="Runs with the same session key are one session. Give the key with each run, and they are gathered here."
      command={{
        label: 'Two runs of one session',
        code: `for message in "Hello" "And now?"; do
  curl -sSN "$CLASPER_URL/api/agents/stream" \\
    -H "X-Agent-Daemon-Key: $CLASPER_KEY" -H "Content-Type: application/json" \\
    -d "{\\"user_id\\":\\"me\\",\\"session_key\\":\\"user:me:agent\\",\\"message\\":\\"$message\\"}"
done`,
      }}
    />
  )
