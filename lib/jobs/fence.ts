import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

// null sees the whole tenant; a list sees the audit rows of these workspaces.
export const fenceOf = (scope: Scope): readonly string[] | null => scope.identity.workspaceIds

// Jobs belong to the tenant and to no workspace, so a fence around workspaces shuts them.
export const seesJobs = (scope: Scope): boolean => fenceOf(scope) === null

const requireWhole = (scope: Scope, what: string): void => {
  if (fenceOf(scope) === null) return
  throw new Problem('workspace_access_denied', `${what} are not open to an identity that is limited to workspaces`)
}

export const requireJobs = (scope: Scope): void => requireWhole(scope, 'The jobs of the tenant')

export const requireRowCounts = (scope: Scope): void => requireWhole(scope, 'The rows of the tenant')
