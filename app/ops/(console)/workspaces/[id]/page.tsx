import type { Metadata } from 'next'
import { WorkspaceScreen } from '@/components/workspaces/workspace-screen'
import { consolePage, unlessMissing } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { listVersions } from '@/lib/workspace'
import { opsListVersions } from '@/lib/workspace/contract/versions'

export const metadata: Metadata = { title: 'Workspace' }

export default consolePage('/ops/workspaces/{id}', 'workspace:view', null, async (scope, _query, { params }) => {
  const workspaceId = decodeURIComponent(params['id'] ?? '')
  const first = opsListVersions.query.parse({})
  const load = await unlessMissing(() => listVersions(scope, workspaceId, first))
  return (
    <Prefetch of={opsListVersions} input={{ params: { workspaceId }, query: {} }} load={load}>
      <WorkspaceScreen id={workspaceId} />
    </Prefetch>
  )
})
