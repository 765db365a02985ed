'use client'

import { FolderTree } from 'lucide-react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { OffsetPager } from '@/components/table/offset-pager'
import { SearchBox } from '@/components/table/search-box'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { useFilters } from '@/components/table/use-filters'
import { opsListWorkspaces } from '@/lib/workspace/contract/workspaces'
import { useWorkspaces } from './use-workspaces'
import { WORKSPACE_COLUMNS } from './workspace-columns'
import { WORKSPACES_TEXT, workspaceHref } from './workspace-words'

export const WorkspacesScreen = () => {
  const filters = useFilters(opsListWorkspaces)
  const query = useWorkspaces(filters.wire)
  return (
    <>
      <PageHeader title="Workspaces" text={WORKSPACES_TEXT} />
      <section aria-label="Workspaces" className="@container/table rounded-md border border-line bg-surface">
        <search className="flex flex-wrap items-center gap-2 px-4 py-2" aria-label="Filters">
          <SearchBox filters={filters} name="q" label="Search by id or name" />
        </search>
        <QueryView
          query={query}
          what="The workspaces"
          stillWorks="Agents run all the same."
          skeleton={<TableSkeleton columns={WORKSPACE_COLUMNS} rows={6} />}
        >
          {(page) =>
            page.workspaces.length === 0 ? (
              <EmptyState
                icon={FolderTree}
                title="No workspace of this name"
                text="A workspace begins with its first version. This makes one of a folder:"
                command={{ label: 'Push a folder', code: 'clasper workspace push ./my-agent --workspace my-agent' }}
              />
            ) : (
              <>
                <DataTable
                  caption="Workspaces"
                  columns={WORKSPACE_COLUMNS}
                  rows={page.workspaces}
                  rowId={({ workspace_id: id }) => id}
                  hrefOf={(id) => workspaceHref(id)}
                  stale={query.isPlaceholderData}
                />
                {page.has_more || page.offset > 0 ? (
                  <OffsetPager filters={filters} page={page} shown={page.workspaces.length} noun="workspaces" />
                ) : null}
              </>
            )
          }
        </QueryView>
      </section>
    </>
  )
}
