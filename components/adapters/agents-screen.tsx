'use client'

import { Bot } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { type Filters, useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { opsListAgents } from '@/lib/adapters/contract'
import type { ReplySent } from '@/lib/shared/contract'
import { ADAPTER_COLUMNS } from './adapter-columns'
import { AdapterDetail } from './adapter-detail'
import { AGENTS_TEXT } from './adapter-words'
import { ProbeButton } from './probe-dialog'
import { useAgents } from './use-agents'

export const AgentsScreen = () => {
  const filters = useFilters(opsListAgents)
  const query = useAgents(filters.wire)
  const peek = usePeek()
  const peeked = query.data?.agents.find((agent) => agent.adapter_id === peek.id)
  return (
    <>
      <PageHeader title="External agents" text={AGENTS_TEXT}>
        <ProbeButton />
      </PageHeader>
      <div className="flex items-start gap-4">
        <section
          aria-label="External agents"
          className="@container/table min-w-0 grow rounded-md border border-line bg-surface"
        >
          <QueryView
            query={query}
            what="The external agents"
            stillWorks="They are governed all the same: what cannot be checked is refused."
            skeleton={<TableSkeleton columns={ADAPTER_COLUMNS} rows={6} />}
          >
            {(page) => <Agents page={page} filters={filters} stale={query.isPlaceholderData} />}
          </QueryView>
        </section>
        <PeekPanel peek={peek} title={peeked?.display_name ?? 'External agent'}>
          {peeked ? (
            <AdapterDetail key={peeked.adapter_id} agent={peeked} />
          ) : (
            <p className="text-ink-muted text-table">
              {query.data ? 'No such agent is registered in this tenant.' : 'One moment.'}
            </p>
          )}
        </PeekPanel>
      </div>
    </>
  )
}

const REGISTER = `curl -X POST "$CLASPER_URL/adapters/register" \\
  -H "X-Adapter-Token: $ADAPTER_TOKEN" -H "Content-Type: application/json" \\
  -d '{"adapter_id":"my-agent","display_name":"My agent","risk_class":"medium","capabilities":["chat"],"version":"1.0"}'`

type Page = ReplySent<typeof opsListAgents>

const Agents = ({ page, filters, stale }: { page: Page; filters: Filters; stale: boolean }) => {
  if (page.agents.length === 0)
    return (
      <EmptyState
        icon={Bot}
        title="No agent from elsewhere is registered"
        text="An agent that runs elsewhere registers with its own token; from then on it asks before it acts. To try it out, make a probe token above and use it here:"
        command={{ label: 'Register an agent', code: REGISTER }}
      />
    )
  return (
    <>
      <DataTable
        caption="External agents of this tenant"
        columns={ADAPTER_COLUMNS}
        rows={page.agents}
        rowId={(agent) => agent.adapter_id}
        stale={stale}
      />
      {page.total > page.agents.length ? (
        <OffsetPager
          filters={filters}
          page={{ ...page, has_more: page.offset + page.agents.length < page.total }}
          shown={page.agents.length}
          noun="agents"
        />
      ) : null}
    </>
  )
}
