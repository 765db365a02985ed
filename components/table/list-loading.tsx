import { PageHeader } from '@/components/shell/page-header'
import { Skeleton } from '@/components/ui/skeleton'
import { TableSkeleton } from './table-skeleton'

type Columns = Parameters<typeof TableSkeleton>[0]['columns']
type ListLoadingProps = { title: string; text: string; columns: Columns; rows?: number; filters?: boolean }

export const ListLoading = ({ title, text, columns, rows = 12, filters = false }: ListLoadingProps) => (
  <div aria-busy="true">
    <PageHeader title={title} text={text}>
      <Skeleton className="h-8 w-28 rounded-md" />
    </PageHeader>
    <div className="@container/table rounded-md border border-line bg-surface">
      {filters ? (
        <div className="px-4 py-2">
          <Skeleton className="h-7 w-20 rounded-md" />
        </div>
      ) : null}
      <TableSkeleton columns={columns} rows={rows} selectable={filters} />
    </div>
  </div>
)
