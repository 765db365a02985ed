'use client'

import { GitCompareArrows } from 'lucide-react'
import { QueryView } from '@/components/states/query-view'
import { DataTable } from '@/components/table/data-table'
import { OffsetPager } from '@/components/table/offset-pager'
import { PeekPanel } from '@/components/table/peek-panel'
import { TableSkeleton } from '@/components/table/table-skeleton'
import { useFilters } from '@/components/table/use-filters'
import { usePeek } from '@/components/table/use-peek'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import type { ListedVersion } from '@/lib/workspace/contract/version'
import { opsListVersions } from '@/lib/workspace/contract/versions'
import { useVersions } from './use-workspaces'
import { VERSION_COLUMNS } from './version-columns'
import { VersionDetail } from './version-detail'
import { shortVersion, versionDiffHref } from './workspace-words'

const rowId = ({ version_hash: hash }: ListedVersion): string => hash

export const VersionsTab = ({ id }: { id: string }) => {
  const filters = useFilters(opsListVersions)
  const query = useVersions(id, filters.wire)
  const peek = usePeek()
  return (
    <div className="flex items-start gap-4">
      <section aria-label="Versions" className="@container/table min-w-0 grow rounded-md border border-line bg-surface">
        <QueryView
          query={query}
          what="The versions"
          skeleton={<TableSkeleton columns={VERSION_COLUMNS} rows={8} selectable />}
        >
          {(page) => (
            <>
              <DataTable
                caption="Versions, the last one first. Select two to compare them."
                columns={VERSION_COLUMNS}
                rows={page.versions}
                rowId={rowId}
                stale={query.isPlaceholderData}
                selection={(rows) => <Chosen id={id} rows={rows} />}
              />
              <OffsetPager filters={filters} page={page} shown={page.versions.length} noun="versions" />
            </>
          )}
        </QueryView>
      </section>
      <PeekPanel peek={peek} title={peek.id ? `Version ${shortVersion(peek.id)}` : 'Version'}>
        {peek.id ? <VersionDetail id={id} hash={peek.id} /> : null}
      </PeekPanel>
    </div>
  )
}

const byAge = (a: ListedVersion, b: ListedVersion): number => Date.parse(a.created_at) - Date.parse(b.created_at)

const Chosen = ({ id, rows }: { id: string; rows: readonly ListedVersion[] }) => {
  const [older, newer] = [...rows].sort(byAge)
  return (
    <>
      <span>{formatCount(rows.length)} selected</span>
      {rows.length === 2 && older && newer ? (
        <Button size="small" asChild>
          <a href={versionDiffHref(id, older.version_hash, newer.version_hash)}>
            <GitCompareArrows aria-hidden className="size-3.5" /> Compare the two
          </a>
        </Button>
      ) : (
        <span className="text-ink-muted">Two can be compared.</span>
      )}
    </>
  )
}
