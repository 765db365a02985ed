import { cn } from '@/components/ui/cn'
import { leadInset, type Shape, showFrom } from './column'

const headStyle =
  'sticky top-12 z-10 h-9 whitespace-nowrap border-line border-b bg-surface px-3 text-left font-medium text-ink-muted text-meta first:pl-4 last:pr-4'

type HeadProps = { columns: readonly Shape[]; selectable: boolean }

export const TableHead = ({ columns, selectable }: HeadProps) => (
  <thead>
    <tr>
      {selectable ? (
        <th scope="col" className={cn(headStyle, 'w-8 pr-0 @max-[520px]/table:hidden')}>
          <span className="sr-only">Select</span>
        </th>
      ) : null}
      {columns.map((column) => (
        <th
          key={column.id}
          scope="col"
          className={cn(
            headStyle,
            column.align === 'right' && 'text-right',
            column.lead && leadInset,
            showFrom(column),
            column.className,
          )}
        >
          {column.header}
        </th>
      ))}
    </tr>
  </thead>
)
