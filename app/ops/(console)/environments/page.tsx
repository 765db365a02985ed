import type { Metadata } from 'next'
import { environmentsPage } from '@/components/environments/environments-query'
import { EnvironmentsScreen } from '@/components/environments/environments-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { firstWorkspace, listEnvironments } from '@/lib/workspace'
import { opsListEnvironments } from '@/lib/workspace/contract/environments'

export const metadata: Metadata = { title: 'Environments' }

export default consolePage(
  '/ops/environments',
  'workspace:view',
  environmentsPage,
  (scope, { workspace_id: asked }) => {
    const query = { workspace_id: asked ?? firstWorkspace(scope) }
    return (
      <Prefetch of={opsListEnvironments} input={{ query }} load={() => listEnvironments(scope, query)}>
        <EnvironmentsScreen first={query.workspace_id} />
      </Prefetch>
    )
  },
)
