'use client'

import { cn } from '@/components/ui/cn'
import { formatCount } from '@/components/ui/format'
import type { Tab } from './approvals-query'

const WORDS: Record<Tab, string> = { waiting: 'Waiting', decided: 'History', all: 'All decisions' }

const hrefOf = (tab: Tab): string => (tab === 'waiting' ? '/ops/approvals' : `/ops/approvals?tab=${tab}`)

// Three views of one list, each with an address of its own.
export const ApprovalTabs = ({ tab, pending }: { tab: Tab; pending: number | null }) => (
  <nav aria-label="Views" className="flex flex-wrap gap-x-4 border-line border-b px-4">
    {(Object.keys(WORDS) as Tab[]).map((one) => (
      <a
        key={one}
        href={hrefOf(one)}
        aria-current={one === tab ? 'page' : undefined}
        className={cn(
          '-mb-px flex h-10 items-center gap-1.5 border-b-2 text-table',
          one === tab ? 'border-accent-line font-medium text-ink' : 'border-transparent text-ink-muted hover:text-ink',
        )}
      >
        {WORDS[one]}
        {one === 'waiting' && pending ? (
          <span className="rounded-sm bg-warn-soft px-1.5 font-medium text-meta text-warn">{formatCount(pending)}</span>
        ) : null}
      </a>
    ))}
  </nav>
)
