'use client'

import { useRouter } from 'next/navigation'
import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { formatCount } from '@/components/ui/format'
import type { BudgetList } from '@/lib/governance/contract'

export const BudgetPages = ({ list, filters }: { list: BudgetList; filters: Filters }) => {
  const router = useRouter()
  const isLater = filters.wire['cursor'] !== undefined
  const next = list.next_cursor
  return (
    <nav
      aria-label="Pages of budgets"
      className="flex items-center justify-between gap-2 border-line border-t px-4 py-2"
    >
      <p className="text-ink-muted text-meta">
        {formatCount(list.budgets.length)} of {formatCount(list.total)} {list.total === 1 ? 'budget' : 'budgets'}
      </p>
      <div className="flex gap-1.5">
        {isLater ? (
          <Button size="small" onClick={() => router.back()}>
            Back
          </Button>
        ) : null}
        {next ? (
          <Button size="small" onClick={() => filters.change({ cursor: next })}>
            More
          </Button>
        ) : null}
      </div>
    </nav>
  )
}
