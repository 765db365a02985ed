'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { PageHeader } from '@/components/shell/page-header'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { useVersions } from '@/components/workspaces/use-workspaces'
import { WorkspaceChoice } from '@/components/workspaces/workspace-choice'
import { promotionsHref, workspaceHref } from '@/components/workspaces/workspace-words'
import { rolesWith } from '@/lib/shared/rbac'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import { BoardSkeleton } from './board-skeleton'
import { EnvironmentCard } from './environment-card'
import { ENVIRONMENTS_TEXT } from './environment-words'
import { NewEnvironment } from './new-environment-dialog'
import { NoEnvironments } from './no-environments'
import { PinHistory } from './pin-history'
import { useEnvironments } from './use-environments'

export const EnvironmentsScreen = ({ first }: { first: string }) => {
  const [asked, setAsked] = useQueryState('workspace_id', parseAsString.withOptions({ history: 'push' }))
  const workspaceId = asked ?? first
  const query = useEnvironments(workspaceId)
  return (
    <>
      <PageHeader title="Environments" text={ENVIRONMENTS_TEXT}>
        <WorkspaceChoice value={workspaceId} onChoose={(id) => void setAsked(id)} />
        <Button asChild>
          <a href={workspaceHref(workspaceId)}>Files and versions</a>
        </Button>
        <Button asChild>
          <a href={promotionsHref(workspaceId)}>Promotions</a>
        </Button>
      </PageHeader>
      <QueryView
        query={query}
        what="The environments"
        stillWorks="Runs get what they are pinned to all the same."
        skeleton={<BoardSkeleton />}
      >
        {({ environments }) =>
          environments.length === 0 ? (
            <NoEnvironments workspaceId={workspaceId} />
          ) : (
            <Board key={workspaceId} workspaceId={workspaceId} all={environments} />
          )
        }
      </QueryView>
    </>
  )
}

const Board = ({ workspaceId, all }: { workspaceId: string; all: readonly EnvironmentView[] }) => {
  const recent = useVersions(workspaceId, {}).data?.versions ?? []
  const may = useMay('workspace:promote')
  return (
    <div className="grid gap-4">
      {may ? null : (
        <p className="text-ink-muted text-table">
          To pin, promote or roll back one needs to be {needsRole(rolesWith('workspace:promote'))}.
        </p>
      )}
      <ol aria-label="Environments" className="grid gap-4 sheet:grid-cols-2 rail:grid-cols-3">
        {all.map((environment, at) => (
          <li key={environment.environment} className="min-w-0">
            <EnvironmentCard
              workspaceId={workspaceId}
              environment={environment}
              before={all[at - 1] ?? null}
              all={all}
              recent={recent}
            />
          </li>
        ))}
      </ol>
      {may ? (
        <div>
          <NewEnvironment workspaceId={workspaceId} taken={all.map(({ environment }) => environment)} />
        </div>
      ) : null}
      <PinHistory workspaceId={workspaceId} names={all.map(({ environment }) => environment)} />
    </div>
  )
}
