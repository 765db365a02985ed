import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

// A policy holds for all workspaces of a tenant, so a fence around workspaces shuts it.
export const requireWholeTenant = ({ identity }: Scope): void => {
  if (identity.workspaceIds === null) return
  throw new Problem(
    'workspace_access_denied',
    'Retention concerns the whole tenant and is not open to an identity that is limited to workspaces',
  )
}

type Asked = { tenant_id?: string | undefined }

// A caller may name the tenant in the request or in a header; otherwise all of its tenants are meant.
export const namesTenant = (asked: Asked, headers: Pick<Headers, 'has'>): boolean =>
  asked.tenant_id !== undefined || headers.has('x-tenant-id')
