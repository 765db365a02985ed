'use client'

import { useRouter } from 'next/navigation'
import { type RefObject, useEffect } from 'react'
import { isBareKey } from '@/components/ui/keys'
import type { Peek } from './use-peek'

type RowKeys = {
  table: RefObject<HTMLTableElement | null>
  peek: Peek
  onSelect: (id: string) => void
  hrefOf?: (id: string) => string
}

const rowsOf = (table: HTMLTableElement | null): HTMLElement[] => [
  ...(table?.querySelectorAll<HTMLElement>('tr[data-row]') ?? []),
]

const focusRow = (row: HTMLElement | undefined): string | undefined => {
  const link = row?.querySelector<HTMLElement>('[data-row-link]')
  link?.focus()
  row?.scrollIntoView({ block: 'nearest' })
  return row?.dataset['row']
}

const step = (rows: HTMLElement[], by: 1 | -1, peeked: string | null): HTMLElement | undefined => {
  const focused = rows.findIndex((row) => row.contains(document.activeElement))
  const here = focused >= 0 ? focused : rows.findIndex((row) => row.dataset['row'] === peeked)
  if (here < 0) return rows[0]
  return rows[Math.min(Math.max(here + by, 0), rows.length - 1)]
}

export const useRowKeys = ({ table, peek, onSelect, hrefOf }: RowKeys): void => {
  const router = useRouter()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && peek.id && !event.defaultPrevented) return peek.close()
      if (!isBareKey(event)) return
      const rows = rowsOf(table.current)
      if (event.key === 'j' || event.key === 'k') {
        const id = focusRow(step(rows, event.key === 'j' ? 1 : -1, peek.id))
        if (id && peek.id) peek.move(id)
      }
      const here = rows.find((row) => row.contains(document.activeElement))?.dataset['row']
      if (event.key === 'x' && here) onSelect(here)
      const opened = here ?? peek.id
      if (event.key === 'o' && opened && hrefOf) router.push(hrefOf(opened))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [table, peek, onSelect, hrefOf, router])
}
