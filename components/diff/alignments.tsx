'use client'

import { ChevronsUpDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { formatCount } from '@/components/ui/format'
import { isBareKey } from '@/components/ui/keys'
import type { TraceDiff } from '@/lib/tracing/contract'
import { differencesIn, diffRows, neighbourOf } from './diff-rows'
import { Minimap } from './minimap'
import { PairRow } from './pair-row'

const OPEN_AT_FIRST = 30

const rowId = (at: number): string => `step-${at}`

const useDifferences = ({ alignment, first_divergence: first }: TraceDiff) => {
  const differences = useMemo(() => differencesIn(alignment), [alignment])
  const [current, setCurrent] = useState<number | null>(first?.alignment_index ?? null)
  const list = useRef<HTMLOListElement>(null)
  const goTo = (at: number | null) => {
    if (at === null) return
    setCurrent(at)
    const row = list.current?.querySelector<HTMLElement>(`#${rowId(at)}`)
    row?.scrollIntoView({ block: 'center' })
    row?.querySelector<HTMLElement>('[data-pair]')?.focus({ preventScroll: true })
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== 'n' && event.key !== 'p') || !isBareKey(event)) return
      event.preventDefault()
      goTo(neighbourOf(differences, current, event.key === 'n' ? 1 : -1))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  // What is in sight already stays where it is.
  useEffect(() => {
    const at = first?.alignment_index
    if (at !== undefined) list.current?.querySelector(`#${rowId(at)}`)?.scrollIntoView({ block: 'nearest' })
  }, [first])
  return { differences, current, goTo, list }
}

export const Alignments = ({ diff }: { diff: TraceDiff }) => {
  const { alignment } = diff
  const { differences, current, goTo, list } = useDifferences(diff)
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  const rows = useMemo(() => diffRows(alignment, unfolded), [alignment, unfolded])
  const openAtFirst = useMemo(() => new Set(differences.slice(0, OPEN_AT_FIRST)), [differences])
  if (alignment.length === 0)
    return (
      <Card title="Steps">
        <p className="py-4 text-center text-ink-muted text-table">Neither of the two has a step.</p>
      </Card>
    )
  return (
    <Card
      title="Steps"
      actions={<Walk count={differences.length} current={current} all={differences} goTo={goTo} />}
      flush
    >
      <div className="flex">
        <ol ref={list} aria-label="Steps, aligned" className="min-w-0 grow divide-y divide-line">
          {rows.map((row) => {
            if (row.kind === 'fold')
              return (
                <li key={row.from}>
                  <button
                    type="button"
                    onClick={() => setUnfolded(new Set([...unfolded, row.from]))}
                    className="flex min-h-8 w-full items-center justify-center gap-2 bg-sunken text-ink-muted text-meta hover:text-ink"
                  >
                    <ChevronsUpDown aria-hidden className="size-3.5" /> {formatCount(row.count)} equal steps
                  </button>
                </li>
              )
            const item = alignment[row.at]
            return item ? (
              <PairRow
                key={row.at}
                id={rowId(row.at)}
                item={item}
                diff={diff}
                isFirst={diff.first_divergence?.alignment_index === row.at}
                isCurrent={current === row.at}
                isOpenAtFirst={openAtFirst.has(row.at)}
              />
            ) : null
          })}
        </ol>
        <Minimap alignment={alignment} differences={differences} onGo={goTo} />
      </div>
    </Card>
  )
}

type WalkProps = { count: number; current: number | null; all: readonly number[]; goTo: (at: number | null) => void }

const Walk = ({ count, current, all, goTo }: WalkProps) => {
  if (count === 0) return <p className="text-ink-muted text-table">Nothing differs.</p>
  const place = current === null ? 0 : all.indexOf(current) + 1
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p role="status" className="text-ink-muted text-table">
        {place > 0 ? `${formatCount(place)} of ` : ''}
        {count === 1 ? '1 difference' : `${formatCount(count)} differences`}
      </p>
      <Button size="small" aria-keyshortcuts="p" onClick={() => goTo(neighbourOf(all, current, -1))}>
        Previous <span className="text-ink-muted">p</span>
      </Button>
      <Button size="small" aria-keyshortcuts="n" onClick={() => goTo(neighbourOf(all, current, 1))}>
        Next <span className="text-ink-muted">n</span>
      </Button>
    </div>
  )
}
