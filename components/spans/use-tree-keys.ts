'use client'

import type { KeyboardEvent } from 'react'
import { below, idAt, nextFailure, rowOf, type SpanTree } from './span-tree'

type Moves = {
  tree: SpanTree
  rows: Int32Array
  active: number
  folded: ReadonlySet<string>
  goTo: (place: number) => void
  fold: (id: string, isFolded: boolean) => void
  open: (place: number) => void
}

const PAGE_ROWS = 12

const sideways = (key: string, { tree, active, folded, goTo, fold }: Moves): void => {
  const id = idAt(tree, active)
  const hasChildren = below(tree, active) > 0
  const isFolded = folded.has(id)
  const up = tree.parent[active] ?? -1
  if (key === 'ArrowRight' && hasChildren) isFolded ? fold(id, false) : goTo(active + 1)
  if (key === 'ArrowLeft' && hasChildren && !isFolded) fold(id, true)
  else if (key === 'ArrowLeft' && up >= 0) goTo(up)
}

const rowFor = (key: string, at: number, last: number): number | null => {
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1)
    case 'ArrowUp':
      return Math.max(0, at - 1)
    case 'PageDown':
      return Math.min(last, at + PAGE_ROWS)
    case 'PageUp':
      return Math.max(0, at - PAGE_ROWS)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}

// The keys of a tree, and e for the next failure, wherever it is hidden.
export const onTreeKey = (event: KeyboardEvent, moves: Moves): void => {
  const { tree, rows, active, goTo, open } = moves
  if (event.ctrlKey || event.metaKey || event.altKey || tree.size === 0) return
  const { key } = event
  const row = rowFor(key, rowOf(rows, active), rows.length - 1)
  const isSideways = key === 'ArrowRight' || key === 'ArrowLeft'
  const failure = key === 'e' ? nextFailure(tree, active) : null
  if (row === null && !isSideways && failure === null && key !== 'Enter' && key !== ' ') return
  event.preventDefault()
  if (row !== null) goTo(rows[row] ?? 0)
  else if (isSideways) sideways(key, moves)
  else if (failure !== null) goTo(failure)
  else open(active)
}
