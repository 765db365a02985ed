import type { Metadata } from 'next'
import { WorkspacesScreen } from '@/components/workspaces/workspaces-screen'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'
import { surveyWorkspaces } from '@/lib/workspace'
import { opsListWorkspaces } from '@/lib/workspace/contract/workspaces'

export const metadata: Metadata = { title: 'Workspaces' }

export default consolePage('/ops/workspaces', 'workspace:view', opsListWorkspaces, (scope, query, input) => (
  <Prefetch of={opsListWorkspaces} input={{ query: input.query }} load={() => surveyWorkspaces(scope, query)}>
    <WorkspacesScreen />
  </Prefetch>
))
