'use client'

import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { RelativeTime } from '@/components/ui/relative-time'
import type { OpsHealth } from '@/lib/jobs/contract/health'
import { adviceFor } from './advice'
import { AdviceStrip } from './advice-strip'
import { BackendCard } from './backend-card'
import { HealthSkeleton } from './health-skeleton'
import { ModelsCard } from './models-card'
import { RunsCard } from './runs-card'
import { ServerCard } from './server-card'
import { SkillsCard } from './skills-card'
import { useDeepHealth, useHealth } from './use-health'
import { WorkspaceCard } from './workspace-card'

export const HealthScreen = () => {
  const query = useHealth()
  return (
    <>
      <PageHeader title="Health" text="What a run needs, and whether the last ones went well.">
        {query.data ? (
          <p className="text-ink-muted text-meta">
            Looked at <RelativeTime iso={query.data.checked_at} />
          </p>
        ) : null}
      </PageHeader>
      <QueryView
        query={query}
        what="The health of the server"
        stillWorks="Other pages may still load."
        skeleton={<HealthSkeleton />}
      >
        {(health) => <Parts health={health} />}
      </QueryView>
    </>
  )
}

// What was asked of the backend stays on the page while the rest is looked at again.
const Parts = ({ health: shallow }: { health: OpsHealth }) => {
  const deep = useDeepHealth()
  const health = { ...shallow, backend: deep.data?.backend ?? shallow.backend }
  return (
    <div className="grid gap-4">
      <AdviceStrip advice={adviceFor(health)} />
      <div className="grid items-start gap-4 rail:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <ModelsCard models={health.models} />
          <BackendCard
            backend={health.backend}
            onCheck={() => void deep.refetch()}
            isChecking={deep.isFetching}
            error={deep.error}
          />
          <RunsCard runs={health.runs} />
          <ServerCard health={health} />
        </div>
        <div className="grid min-w-0 gap-4">
          <WorkspaceCard workspace={health.workspace} />
          <SkillsCard skills={health.skills} />
        </div>
      </div>
    </div>
  )
}
