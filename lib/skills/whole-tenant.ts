import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

// The registry serves all workspaces of a tenant, so a fence around workspaces shuts what changes it.
export const requireWholeTenant = ({ identity }: Pick<Scope, 'identity'>): void => {
  if (identity.workspaceIds === null) return
  throw new Problem(
    'workspace_access_denied',
    'The registry concerns the whole tenant and is not changed by an identity that is limited to workspaces.',
  )
}
