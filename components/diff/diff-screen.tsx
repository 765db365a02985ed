'use client'

import { ArrowLeftRight, GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/skeleton'
import { Alignments } from './alignments'
import { Deltas } from './deltas'
import { DiffPicker } from './diff-picker'
import { Inputs } from './inputs'
import { Sides } from './sides'
import { useDiff, usePair } from './use-diff'
import { Verdict } from './verdict'

export const DiffScreen = () => {
  const { base, compare, choose } = usePair()
  const [isPicking, setPicking] = useState(false)
  const isChosen = base !== null && compare !== null
  return (
    <>
      <PageHeader title="Diff" text="Two runs step by step: where they part, and what else differs and may be why.">
        {isChosen ? (
          <>
            <Button onClick={() => choose({ base: compare, compare: base })}>
              <ArrowLeftRight aria-hidden className="size-4" /> Swap sides
            </Button>
            <Button aria-expanded={isPicking} onClick={() => setPicking(!isPicking)}>
              <GitCompareArrows aria-hidden className="size-4" /> Other runs…
            </Button>
          </>
        ) : null}
      </PageHeader>
      <div className="grid gap-4">
        {isChosen && !isPicking ? null : (
          <DiffPicker
            key={`${base} ${compare}`}
            base={base}
            compare={compare}
            onChoose={(pair) => {
              setPicking(false)
              choose(pair)
            }}
          />
        )}
        {isChosen ? <Compared key={`${base} ${compare}`} base={base} compare={compare} /> : null}
        {base === null && compare === null ? <Nothing /> : null}
      </div>
    </>
  )
}

const Nothing = () => (
  <Card>
    <EmptyState
      icon={GitCompareArrows}
      title="Nothing is compared yet"
      text="Select two runs in the list of traces and press d, open Compare… on a trace, or paste two ids above."
      action={
        <Button asChild look="primary">
          <a href="/ops/traces">To the traces</a>
        </Button>
      }
    />
  </Card>
)

const Compared = ({ base, compare }: { base: string; compare: string }) => (
  <QueryView
    query={useDiff(base, compare)}
    what="The comparison"
    stillWorks="Both traces can still be opened by themselves."
    skeleton={<DiffSkeleton />}
  >
    {({ diff }) => (
      <div className="grid gap-4">
        <Verdict diff={diff} />
        <Sides diff={diff} />
        <Deltas diff={diff} />
        <Alignments diff={diff} />
        <Inputs diff={diff} />
      </div>
    )}
  </QueryView>
)

const DiffSkeleton = () => (
  <div className="grid gap-4">
    <Skeleton className="h-24 w-full rounded-md" />
    <Skeleton className="h-16 w-full rounded-md" />
    <Skeleton className="h-96 w-full rounded-md" />
  </div>
)
