'use client'

import { cn } from '@/components/ui/cn'
import type { View } from './skills-query'

const WORDS: Record<View, string> = { registry: 'Registry', files: 'Of a workspace', signers: 'Signers' }

const hrefOf = (view: View): string => (view === 'registry' ? '/ops/skills' : `/ops/skills?view=${view}`)

export const SkillTabs = ({ view }: { view: View }) => (
  <nav aria-label="Views" className="flex flex-wrap gap-x-4 border-line border-b px-4">
    {(Object.keys(WORDS) as View[]).map((one) => (
      <a
        key={one}
        href={hrefOf(one)}
        aria-current={one === view ? 'page' : undefined}
        className={cn(
          '-mb-px flex h-10 items-center border-b-2 text-table',
          one === view ? 'border-accent-line font-medium text-ink' : 'border-transparent text-ink-muted hover:text-ink',
        )}
      >
        {WORDS[one]}
      </a>
    ))}
  </nav>
)
