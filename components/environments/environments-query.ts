import { z } from 'zod'
import { WorkspaceId } from '@/lib/shared/id'
import { opsListEnvironments } from '@/lib/workspace/contract/environments'

// The page shows some workspace also where its address names none.
export const environmentsPage = {
  ...opsListEnvironments,
  query: z.object({ workspace_id: WorkspaceId.optional() }),
}
