import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

/** An agent and its keys are the whole tenant's, in whatever workspace it works: a fence around workspaces shuts them. */
export const assertWholeTenant = ({ identity }: Scope): void => {
  if (identity.workspaceIds === null) return
  throw new Problem(
    'workspace_access_denied',
    'External agents are the whole tenant’s and are not changed by an identity that is limited to workspaces',
  )
}
