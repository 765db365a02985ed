import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { PolicyDocument } from '../contract/policy-document'

// What holds for the whole tenant holds for every workspace in it, so everybody may see it.
export const mayReach = ({ identity }: Scope, workspaceId: string | null): boolean =>
  workspaceId === null || identity.workspaceIds === null || identity.workspaceIds.includes(workspaceId)

/** Whoever is limited to workspaces changes no more than what holds in them alone. */
export const assertMayChange = ({ identity }: Scope, workspaceId: string | null | undefined): void => {
  if (identity.workspaceIds === null) return
  if (typeof workspaceId === 'string' && identity.workspaceIds.includes(workspaceId)) return
  throw new Problem('workspace_access_denied', 'This policy reaches beyond your workspaces.', {
    workspace_id: workspaceId ?? null,
  })
}

/** A policy is one tenant's: that of the caller. */
export const ownDocument = (scope: Scope, document: PolicyDocument): PolicyDocument => {
  const { tenant_id: tenant, ...place } = document.scope ?? {}
  if (tenant !== undefined && tenant !== scope.tenantId)
    throw new Problem('tenant_access_denied', undefined, { tenant_id: tenant })
  const { scope: _scope, ...rest } = document
  return Object.keys(place).length === 0 ? rest : { ...rest, scope: place }
}
