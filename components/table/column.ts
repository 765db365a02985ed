import type { ReactNode } from 'react'

export type Shape = Omit<Column<never>, 'cell'>

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  align?: 'right'
  className?: string
  // How much room the table needs before the column shows; without it the column always shows.
  from?: 'medium' | 'wide' | 'full'
  // The lead cell is the link that opens the row.
  lead?: true
}

const FROM = {
  medium: '@max-[520px]/table:hidden',
  wide: '@max-[820px]/table:hidden',
  full: '@max-[1040px]/table:hidden',
} as const

// In a narrow table the lead column comes first, keeps the card's inset, and gives way to the others.
export const leadInset = '@max-[520px]/table:w-full @max-[520px]/table:max-w-0 @max-[520px]/table:pl-4'

export const showFrom = (column: Pick<Shape, 'from'>): string => (column.from ? FROM[column.from] : '')
