'use client'

import type { Row as TableRow } from '@tanstack/react-table'
import type { MouseEvent } from 'react'
import { cn } from '@/components/ui/cn'
import { type Column, leadInset, showFrom } from './column'
import { RowLink } from './row-link'
import type { Peek } from './use-peek'

type DataRowProps<Row> = {
  row: TableRow<Row>
  columns: readonly Column<Row>[]
  peek: Peek
  selectable: boolean
  place?: number | undefined
}

const cellStyle =
  'h-9 border-line border-b px-3 py-0 align-middle first:pl-4 last:pr-4 group-last/row:border-b-0 group-hover/row:bg-hover'

const isPlainClick = (event: MouseEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest('a, button, input, label') === null &&
  getSelection()?.isCollapsed !== false

export const DataRow = <Row,>({ row, columns, peek, selectable, place }: DataRowProps<Row>) => {
  const current = peek.id === row.id
  const look = cn(cellStyle, current && 'bg-accent-soft group-hover/row:bg-accent-soft')
  const opens = columns.some((column) => column.lead)
  return (
    <tr
      data-row={row.id}
      aria-rowindex={place}
      className={cn('group/row', opens && 'cursor-pointer')}
      onClick={(event) => opens && isPlainClick(event) && peek.open(row.id)}
    >
      {selectable ? (
        <td className={cn(look, 'w-8 pr-0 @max-[520px]/table:hidden')}>
          <input
            type="checkbox"
            aria-label={`Select ${row.id}`}
            checked={row.getIsSelected()}
            onChange={row.getToggleSelectedHandler()}
            className="block size-3.5 accent-accent"
          />
        </td>
      ) : null}
      {columns.map((column) => (
        <td
          key={column.id}
          className={cn(
            look,
            column.align === 'right' && 'text-right',
            column.lead && leadInset,
            showFrom(column),
            column.className,
          )}
        >
          {column.lead ? (
            <RowLink id={row.id} peek={peek}>
              {column.cell(row.original)}
            </RowLink>
          ) : (
            column.cell(row.original)
          )}
        </td>
      ))}
    </tr>
  )
}
