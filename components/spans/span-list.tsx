'use client'

import { CircleX } from 'lucide-react'
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatCount, formatDuration } from '@/components/ui/format'
import { isBareKey } from '@/components/ui/keys'
import { COLUMNS, type LineNote, SpanLine } from './span-line'
import { buildTree, idAt, idsAbove, nextFailure, rowOf, type SpanTree, STRAYS_ID, visiblePlaces } from './span-tree'
import { SPAN_ROW_PX, useScrollWindow } from './use-scroll-window'
import type { LoadedSpans } from './use-spans'
import { onTreeKey } from './use-tree-keys'

type SpanListProps = {
  loaded: LoadedSpans
  notes: ReadonlyMap<string, readonly LineNote[]>
  openId: string | null
  onOpen: (id: string) => void
  isWide: boolean
}

const SETTLE_MS = 180
const NOTHING: ReadonlySet<string> = new Set()

const useFolds = (tree: SpanTree) => {
  const [folded, setFolded] = useState(NOTHING)
  const rows = useMemo(() => visiblePlaces(tree, folded), [tree, folded])
  const fold = (id: string, isFolded: boolean) =>
    setFolded((before) => {
      const next = new Set(before)
      if (isFolded) next.add(id)
      else next.delete(id)
      return next
    })
  const unfoldAbove = (place: number) =>
    setFolded((before) => {
      const hiding = idsAbove(tree, place).filter((id) => before.has(id))
      return hiding.length === 0 ? before : new Set([...before].filter((id) => !hiding.includes(id)))
    })
  return { folded, rows, fold, unfoldAbove }
}

type Reveal = { tree: SpanTree; activeId: string | null; row: number; reveal: (row: number) => void }

// Once for each step that is gone to, as soon as it is loaded: rows that come later must not pull anybody back.
const useReveal = ({ tree, activeId, row, reveal }: Reveal) => {
  const revealed = useRef<string | null>(null)
  useEffect(() => {
    if (activeId === null || activeId === revealed.current || !tree.places.has(activeId)) return
    revealed.current = activeId
    reveal(row)
  }, [tree, activeId, row, reveal])
}

const useList = ({ loaded, openId, onOpen, isWide }: SpanListProps) => {
  const tree = useMemo(() => buildTree(loaded.spans), [loaded.spans])
  const box = useRef<HTMLDivElement>(null)
  const { folded, rows, fold, unfoldAbove } = useFolds(tree)
  const [activeId, setActiveId] = useState(openId)
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined)
  const shown = useScrollWindow(box, rows.length)
  const active = Math.min(tree.places.get(activeId ?? '') ?? 0, Math.max(0, tree.size - 1))
  const row = rowOf(rows, active)
  useEffect(() => () => clearTimeout(settle.current), [])
  useEffect(() => {
    if (openId === null || !tree.places.has(openId)) return
    setActiveId(openId)
  }, [openId, tree])
  useReveal({ tree, activeId, row, reveal: shown.reveal })
  const open = (place: number) => {
    const id = idAt(tree, place)
    clearTimeout(settle.current)
    setActiveId(id)
    if (id !== STRAYS_ID) onOpen(id)
  }
  // A step that one only passes by is not opened: opening it asks the server, and is noted.
  const goTo = (place: number) => {
    unfoldAbove(place)
    setActiveId(idAt(tree, place))
    clearTimeout(settle.current)
    if (isWide) settle.current = setTimeout(() => open(place), SETTLE_MS)
  }
  return { tree, box, folded, rows, fold, active, shown, open, goTo }
}

export const SpanList = (props: SpanListProps) => {
  const list = useList(props)
  const { tree, box, folded, rows, fold, active, shown, open, goTo } = list
  useFailureKey(tree, active, goTo)
  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return
    const place = rows[Number(event.target.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? Number.NaN)]
    if (place === undefined) return
    // Rows come and go while one scrolls, so the keyboard belongs to the list, never to a row.
    box.current?.focus({ preventScroll: true })
    const id = idAt(tree, place)
    if (event.target.closest('[data-fold]') || id === STRAYS_ID) fold(id, !folded.has(id))
    else open(place)
  }
  const isActiveShown = Array.from(rows.subarray(shown.first, shown.last)).includes(active)
  return (
    <div className="min-w-0 rounded-md border border-line bg-surface">
      <ListHead {...props} tree={tree} onFailure={() => goTo(nextFailure(tree, active) ?? active)} />
      <TimeAxis spanMs={tree.spanMs} />
      <div
        ref={box}
        role="tree"
        aria-label="Steps"
        tabIndex={0}
        aria-activedescendant={isActiveShown ? `span-row-${active}` : undefined}
        onClick={onClick}
        onKeyDown={(event) => onTreeKey(event, { tree, rows, active, folded, goTo, fold, open })}
        className="group/tree max-h-[60dvh] overflow-y-auto [scrollbar-gutter:stable] rail:max-h-[max(352px,calc(100dvh-360px))]"
      >
        <div role="none" style={{ height: shown.first * SPAN_ROW_PX }} />
        {Array.from(rows.subarray(shown.first, shown.last), (place, at) => (
          <SpanLine
            key={place}
            tree={tree}
            place={place}
            notes={props.notes.get(idAt(tree, place))}
            row={shown.first + at}
            isFolded={folded.has(idAt(tree, place))}
            isActive={place === active}
            isOpen={idAt(tree, place) === props.openId}
          />
        ))}
        <div role="none" style={{ height: (rows.length - shown.last) * SPAN_ROW_PX }} />
      </div>
    </div>
  )
}

const useFailureKey = (tree: SpanTree, active: number, goTo: (place: number) => void) => {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const place = event.key === 'e' && isBareKey(event) ? nextFailure(tree, active) : null
      if (place !== null) goTo(place)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}

type HeadProps = { loaded: LoadedSpans; tree: SpanTree; onFailure: () => void }

const ListHead = ({ loaded, tree, onFailure }: HeadProps) => (
  <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5">
    <h2 className="font-semibold text-ink text-prose">Steps</h2>
    <p role="status" className="text-ink-muted text-table">
      {loaded.isComplete
        ? formatCount(loaded.total)
        : `${formatCount(loaded.spans.length)} of ${formatCount(loaded.total)}${loaded.error ? '' : ', more are coming'}`}
    </p>
    {loaded.error ? (
      <span className="flex flex-wrap items-center gap-2">
        <ErrorLine error={loaded.error} />
        <Button size="small" onClick={loaded.retry}>
          Load the rest
        </Button>
      </span>
    ) : null}
    {tree.failures > 0 ? (
      <Button size="small" look="quiet" className="ml-auto text-bad" onClick={onFailure} aria-keyshortcuts="e">
        <CircleX aria-hidden className="size-3.5" />
        {tree.failures === 1 ? '1 failed' : `${formatCount(tree.failures)} failed`}
        <span className="text-ink-muted">· next (e)</span>
      </Button>
    ) : null}
  </header>
)

const QUARTERS = [0, 0.25, 0.5, 0.75] as const

const TimeAxis = ({ spanMs }: { spanMs: number }) => (
  <div
    aria-hidden
    className={cn(
      COLUMNS,
      'h-7 overflow-hidden border-line border-b bg-sunken text-ink-muted text-meta [scrollbar-gutter:stable] max-sheet:hidden',
    )}
  >
    <span className="pl-4">What</span>
    <span className="relative h-full">
      {QUARTERS.map((part) => (
        <span
          key={part}
          className="absolute inset-y-0 flex items-center whitespace-nowrap border-line border-l pl-1"
          style={{ left: `${part * 100}%` }}
        >
          {part === 0 ? '0' : formatDuration(spanMs * part)}
        </span>
      ))}
    </span>
    <span className="text-right">Took</span>
    <span className="text-right">Cost</span>
  </div>
)
