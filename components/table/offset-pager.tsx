'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import type { Filters } from './use-filters'

type OffsetPage = { total: number; offset: number; limit: number; has_more: boolean }
type OffsetPagerProps = { filters: Filters; page: OffsetPage; shown: number; noun: string }

export const OffsetPager = ({ filters, page, shown, noun }: OffsetPagerProps) => {
  const goTo = (offset: number) => filters.change({ offset: offset > 0 ? String(offset) : null })
  return (
    <nav
      aria-label={`Pages of ${noun}`}
      className="flex items-center justify-between gap-2 border-line border-t px-4 py-2"
    >
      <p className="text-ink-muted text-meta">
        {formatCount(page.offset + 1)} to {formatCount(page.offset + shown)} of {formatCount(page.total)} {noun}
      </p>
      <div className="flex gap-1.5">
        {page.offset > 0 ? (
          <Button size="small" onClick={() => goTo(page.offset - page.limit)}>
            <ChevronLeft aria-hidden className="size-3.5" /> Newer
          </Button>
        ) : null}
        {page.has_more ? (
          <Button size="small" onClick={() => goTo(page.offset + page.limit)}>
            Older <ChevronRight aria-hidden className="size-3.5" />
          </Button>
        ) : null}
      </div>
    </nav>
  )
}
