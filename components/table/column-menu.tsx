'use client'

import { Columns3 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '@/components/ui/menu'
import type { Columns } from './use-columns'

export const ColumnMenu = <Row,>({ columns }: { columns: Columns<Row> }) => {
  const trigger = (
    <Button size="small">
      <Columns3 aria-hidden className="size-3.5" /> Columns
    </Button>
  )
  const shown = new Set(columns.shown.map((column) => column.id))
  return (
    <Menu trigger={trigger} label="Columns">
      <MenuLabel>Shown where there is room</MenuLabel>
      {columns.all
        .filter((column) => !column.lead)
        .map((column) => (
          <MenuChoice key={column.id} checked={shown.has(column.id)} stays onSelect={() => columns.toggle(column.id)}>
            {column.header}
          </MenuChoice>
        ))}
      <MenuLine />
      <MenuItem onSelect={columns.reset}>Usual columns</MenuItem>
    </Menu>
  )
}
