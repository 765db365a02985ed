'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useMemo, useSyncExternalStore } from 'react'
import type { Column } from './column'

const CHANGED = 'clasper:columns'

export type Columns<Row> = {
  all: readonly Column<Row>[]
  shown: readonly Column<Row>[]
  toggle: (id: string) => void
  reset: () => void
}

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

const write = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
    dispatchEvent(new Event(CHANGED))
  } catch {
    // A browser that keeps nothing still has the address bar.
  }
}

const subscribe = (changed: () => void) => {
  addEventListener(CHANGED, changed)
  addEventListener('storage', changed)
  return () => {
    removeEventListener(CHANGED, changed)
    removeEventListener('storage', changed)
  }
}

// The address wins, so that a link shows what its sender saw; without one the browser remembers the last choice.
export const useColumns = <Row>(page: string, all: readonly Column<Row>[], usual: readonly string[]): Columns<Row> => {
  const key = `clasper.columns.${page}`
  const [asked, ask] = useQueryState('columns', parseAsString)
  const kept = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const chosen = asked ?? kept
  const shown = useMemo(() => {
    const wanted = chosen === null ? usual : chosen.split(',')
    return all.filter((column) => column.lead || wanted.includes(column.id))
  }, [all, chosen, usual])
  const set = (value: string | null) => {
    write(key, value)
    void ask(value, { history: 'replace' })
  }
  const toggle = (id: string) => {
    const ids = shown.map((column) => column.id)
    set((ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]).join(','))
  }
  return { all, shown, toggle, reset: () => set(null) }
}
