'use client'

import { Download } from 'lucide-react'
import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel } from '@/components/ui/menu'
import { urlOf } from '@/lib/shared/api-client'
import { opsExportTraces } from '@/lib/tracing/contract'

const FORMATS = [
  { format: 'csv', label: 'CSV, one row per trace' },
  { format: 'jsonl', label: 'JSON lines, one object per trace' },
] as const

// All that the filters find, not the page alone: the server streams it into a file.
const hrefOf = ({ wire }: Filters, format: string): string => {
  const { cursor: _cursor, offset: _offset, limit: _limit, ...query } = wire
  return urlOf(opsExportTraces, { query: { ...query, format } })
}

export const ExportMenu = ({ filters }: { filters: Filters }) => {
  const trigger = (
    <Button>
      <Download aria-hidden className="size-4" strokeWidth={1.75} /> Export
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Export">
      <MenuLabel>Everything that matches</MenuLabel>
      {FORMATS.map(({ format, label }) => (
        <MenuItem key={format} asChild>
          <a href={hrefOf(filters, format)} download>
            {label}
          </a>
        </MenuItem>
      ))}
    </Menu>
  )
}
