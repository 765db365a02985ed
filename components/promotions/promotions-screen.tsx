'use client'

import { Rocket } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { FilterBar } from '@/components/table/filter-bar'
import type { FilterField } from '@/components/table/filter-field'
import { OffsetPager } from '@/components/table/offset-pager'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { useFilters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { WorkspaceChoice } from '@/components/workspaces/workspace-choice'
import { environmentsHref, promotionHref } from '@/components/workspaces/workspace-words'
import { PromotionStatus } from '@/lib/promotion/contract'
import { PROMOTION_COLUMNS } from './promotion-columns'
import { PROMOTIONS_TEXT, STATUSES } from './promotion-words'
import { callWire, promotionsPage } from './promotions-query'
import { usePromotions } from './use-promotions'

const FIELDS: readonly FilterField[] = [
  {
    name: 'status',
    label: 'State',
    kind: 'choice',
    options: PromotionStatus.options.map((value) => ({ value, label: STATUSES[value].words })),
  },
  { name: 'target_env', label: 'Target', kind: 'text', hint: 'The environment that would get it' },
]

export const PromotionsScreen = ({ first }: { first: string }) => {
  const filters = useFilters(promotionsPage)
  const workspaceId = String(filters.wire['workspace_id'] ?? first)
  const query = usePromotions(workspaceId, callWire(filters.wire))
  const isNarrowed = filters.wire['status'] !== undefined || filters.wire['target_env'] !== undefined
  return (
    <>
      <PageHeader title="Promotions" text={PROMOTIONS_TEXT}>
        <WorkspaceChoice value={workspaceId} onChoose={(id) => filters.change({ workspace_id: id })} />
        <Button asChild>
          <a href={environmentsHref(workspaceId)}>Environments</a>
        </Button>
      </PageHeader>
      <section aria-label="Promotions" className="@container/table rounded-md border border-line bg-surface">
        <FilterBar filters={filters} fields={FIELDS} />
        <QueryView
          query={query}
          what="The promotions"
          stillWorks="Environments run what they ran."
          skeleton={<TableSkeleton columns={PROMOTION_COLUMNS} rows={6} />}
        >
          {(page) =>
            page.promotions.length === 0 ? (
              <Nothing workspaceId={workspaceId} isNarrowed={isNarrowed} />
            ) : (
              <>
                <DataTable
                  caption="Promotions, newest first"
                  columns={PROMOTION_COLUMNS}
                  rows={page.promotions}
                  rowId={({ id }) => id}
                  hrefOf={(id) => promotionHref(workspaceId, id)}
                  stale={query.isPlaceholderData}
                />
                <OffsetPager filters={filters} page={page} shown={page.promotions.length} noun="promotions" />
              </>
            )
          }
        </QueryView>
      </section>
    </>
  )
}

const Nothing = ({ workspaceId, isNarrowed }: { workspaceId: string; isNarrowed: boolean }) => (
  <EmptyState
    icon={Rocket}
    title={isNarrowed ? 'No promotion is like that' : 'Nothing was promoted here yet'}
    text={
      isNarrowed
        ? 'Take a filter away to see the others.'
        : 'A promotion begins at the environment that has the version. The same by the API:'
    }
    {...(isNarrowed
      ? {}
      : {
          command: {
            label: 'Promote what dev runs to staging',
            code: `curl -X POST "$CLASPER_URL/workspace/envs/promote" -H "Authorization: Bearer $CLASPER_API_KEY" -H "Content-Type: application/json" -d '{"workspace_id":"${workspaceId}","source_env":"dev"}'`,
          },
        })}
    action={
      <Button asChild>
        <a href={environmentsHref(workspaceId)}>To the environments</a>
      </Button>
    }
  />
)
