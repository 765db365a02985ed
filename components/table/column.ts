import type { ReactNode } from 'react'

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  align?: 'right'
  className?: string
  // The narrowest window that still shows the column; without it the column always shows.
  from?: 'sheet' | 'rail'
  // The lead cell is the link that opens the row.
  lead?: true
}

const FROM = { sheet: 'max-sheet:hidden', rail: 'max-rail:hidden' } as const

export const showFrom = (column: { from?: 'sheet' | 'rail' }): string => (column.from ? FROM[column.from] : '')
