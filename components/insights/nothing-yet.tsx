'use client'

import type { LucideIcon } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'

type NothingYetProps = { icon: LucideIcon; filters: Filters; text: string }

export const NothingYet = ({ icon, filters, text }: NothingYetProps) => {
  const isNarrowed = filters.wire['workspace_id'] !== undefined
  const mayRun = useMay('agent:run')
  const next = mayRun
    ? { href: '/ops/playground', name: 'Make a run in the playground' }
    : { href: '/ops/traces', name: 'See how a run is made' }
  return (
    <div className="rounded-md border border-line bg-surface">
      <EmptyState
        icon={icon}
        title={isNarrowed ? 'No run in this workspace' : 'No run in this time'}
        text={isNarrowed ? 'No run of this workspace has ended in these days.' : text}
        action={
          isNarrowed ? (
            <Button onClick={filters.clear}>Clear the filters</Button>
          ) : (
            <Button asChild>
              <a href={next.href}>{next.name}</a>
            </Button>
          )
        }
      />
    </div>
  )
}
