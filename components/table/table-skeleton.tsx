import { cn } from '@/components/ui/cn'
import { Skeleton } from '@/components/ui/skeleton'
import { type Shape, showFrom } from './column'
import { TableHead } from './table-head'

const WIDTHS = ['w-24', 'w-32', 'w-20', 'w-28']

type TableSkeletonProps = { columns: readonly Shape[]; rows?: number; selectable?: boolean }

export const TableSkeleton = ({ columns, rows = 12, selectable = false }: TableSkeletonProps) => (
  <table className="w-full border-separate border-spacing-0">
    <caption className="sr-only">Loading</caption>
    <TableHead columns={columns} selectable={selectable} />
    <tbody>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <tr key={row}>
          {selectable ? <td className="h-9 border-line border-b @max-[520px]/table:hidden" /> : null}
          {columns.map((column, index) => (
            <td key={column.id} className={cn('h-9 border-line border-b px-3 first:pl-4 last:pr-4', showFrom(column))}>
              <Skeleton className={cn('h-3 max-w-full', WIDTHS[(row + index) % 4], column.align && 'ml-auto')} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)
