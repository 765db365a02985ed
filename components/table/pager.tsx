'use client'

import { ChevronLeft, ChevronRight, ChevronsLeft } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import type { Filters } from './use-filters'

type PagerProps = {
  filters: Filters
  shown: number
  total: number | null
  exact: boolean
  next: string | null
  noun: string
}

export const Pager = ({ filters, shown, total, exact, next, noun }: PagerProps) => {
  const router = useRouter()
  const paged = filters.wire['cursor'] !== undefined
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-2 border-line border-t px-4 py-2"
    >
      <p className="text-ink-muted text-meta">
        {formatCount(shown)} {total === null ? '' : `of ${exact ? '' : 'about '}${formatCount(total)} `}
        {noun}
      </p>
      <div className="flex gap-1.5">
        {paged ? (
          <>
            <Button size="small" onClick={() => filters.change({ cursor: null })}>
              <ChevronsLeft aria-hidden className="size-3.5" /> Newest
            </Button>
            <Button size="small" onClick={() => router.back()}>
              <ChevronLeft aria-hidden className="size-3.5" /> Newer
            </Button>
          </>
        ) : null}
        {next ? (
          <Button size="small" onClick={() => filters.change({ cursor: next })}>
            Older <ChevronRight aria-hidden className="size-3.5" />
          </Button>
        ) : null}
      </div>
    </nav>
  )
}
