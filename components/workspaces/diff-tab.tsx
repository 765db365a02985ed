'use client'

import { ArrowRight, Equal } from 'lucide-react'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Skeleton } from '@/components/ui/skeleton'
import type { VersionDiff } from '@/lib/workspace/contract/version-diff'
import { ImpactCard } from './impact-card'
import type { TabProps } from './tab-props'
import { useVersionDiff } from './use-workspaces'
import { VersionChoice } from './version-choice'
import { VersionDiffView } from './version-diff-view'

const CURRENT = [{ value: 'current', label: 'The files of the folder as they are now' }]

// Asked for nothing, one sees what the last version changed.
const sidesOf = ({ place, latest }: TabProps): { from: string; to: string } => {
  const to = place.to === null || place.to === 'latest' ? latest.version_hash : place.to
  const before = to === latest.version_hash ? (latest.parent_hash ?? latest.version_hash) : latest.version_hash
  return { from: place.from === 'latest' ? latest.version_hash : (place.from ?? before), to }
}

export const DiffTab = (props: TabProps) => {
  const { id, recent, place } = props
  const { from, to } = sidesOf(props)
  const query = useVersionDiff(id, from, to)
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <VersionChoice
          label="From"
          value={from}
          recent={recent}
          first={CURRENT}
          onChoose={(next) => place.go({ from: next, to })}
        />
        <ArrowRight aria-label="to" className="size-4 text-ink-muted" />
        <VersionChoice
          label="To"
          value={to}
          recent={recent}
          first={CURRENT}
          onChoose={(next) => place.go({ from, to: next })}
        />
      </div>
      <QueryView
        query={query}
        what="The comparison"
        stillWorks="The versions themselves are there."
        skeleton={<Skeleton className="h-96 rounded-md" />}
      >
        {({ diff }) => (diff.is_same ? <Same /> : <Diff id={id} diff={diff} />)}
      </QueryView>
    </div>
  )
}

const Same = () => (
  <section aria-label="Result" className="rounded-md border border-line bg-surface">
    <EmptyState icon={Equal} title="The two are the same" text="Choose another version on one of the sides." />
  </section>
)

const Diff = ({ id, diff }: { id: string; diff: VersionDiff }) => (
  <>
    {diff.from.is_current ? null : (
      <ImpactCard id={id} from={diff.from.version_hash} to={diff.to.is_current ? null : diff.to.version_hash} />
    )}
    <VersionDiffView diff={diff} />
  </>
)
