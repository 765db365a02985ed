'use client'

import { type ColumnDef, getCoreRowModel, type RowSelectionState, useReactTable } from '@tanstack/react-table'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { cn } from '@/components/ui/cn'
import type { Column } from './column'
import { DataRow } from './data-row'
import { TableHead } from './table-head'
import { usePeek } from './use-peek'
import { useRowKeys } from './use-row-keys'
import { ROW_PX, useRowWindow } from './use-row-window'

type DataTableProps<Row> = {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  stale?: boolean
  selection?: (rows: Row[], clear: () => void) => ReactNode
  // The page of a row: the key o goes there.
  hrefOf?: (id: string) => string
}

const useTable = <Row,>({ columns, rows, rowId }: DataTableProps<Row>) => {
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({})
  const definitions = useMemo(
    () => columns.map((column): ColumnDef<Row> => ({ id: column.id, header: column.header })),
    [columns],
  )
  const data = useMemo(() => [...rows], [rows])
  return useReactTable({
    data,
    columns: definitions,
    state: { rowSelection },
    onRowSelectionChange: setRowSelection,
    getCoreRowModel: getCoreRowModel(),
    getRowId: rowId,
  })
}

// More than a page has room for: the table scrolls sideways and its head no longer sticks.
const MOST_COLUMNS = 11

// Stands for the rows that are scrolled out of sight.
const Gap = ({ rows }: { rows: number }) =>
  rows > 0 ? (
    <tr aria-hidden style={{ height: rows * ROW_PX }}>
      <td />
    </tr>
  ) : null

export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { caption, columns, stale, selection, hrefOf } = props
  const table = useTable(props)
  const element = useRef<HTMLTableElement>(null)
  const peek = usePeek()
  const selectable = selection !== undefined
  const rows = table.getRowModel().rows
  const { first, last, isCut } = useRowWindow(element, rows.length)
  useRowKeys({
    table: element,
    peek,
    ...(hrefOf ? { hrefOf } : {}),
    onSelect: (id) => selectable && table.getRowModel().rowsById[id]?.toggleSelected(),
  })
  const chosen = table.getSelectedRowModel().rows.map((row) => row.original)
  return (
    <>
      {chosen.length > 0 && selection ? (
        <div className="flex min-h-11 items-center gap-3 border-line border-b bg-accent-soft px-4 py-1.5 text-table">
          {selection(chosen, () => table.resetRowSelection())}
        </div>
      ) : null}
      <div className={cn(columns.length > MOST_COLUMNS && 'overflow-x-auto')}>
        <table
          ref={element}
          aria-busy={stale || undefined}
          aria-rowcount={isCut ? rows.length + 1 : undefined}
          className={cn('w-full border-separate border-spacing-0 text-table transition-opacity', stale && 'opacity-60')}
        >
          <caption className="sr-only">{caption}</caption>
          <TableHead columns={columns} selectable={selectable} />
          <tbody>
            <Gap rows={first} />
            {rows.slice(first, last).map((row) => (
              <DataRow
                key={row.id}
                row={row}
                columns={columns}
                peek={peek}
                selectable={selectable}
                place={isCut ? row.index + 2 : undefined}
              />
            ))}
            <Gap rows={rows.length - last} />
          </tbody>
        </table>
      </div>
    </>
  )
}
