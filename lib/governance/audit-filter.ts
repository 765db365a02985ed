import { Problem } from '@/lib/shared/problem'
import { auditEventFor } from '../core/audit-event-aliases'
import { dateOf } from '../core/clock'
import type { Scope } from '../core/scope'
import type { AuditFilter } from './contract'
import type { Condition } from './sql'

export type Narrowed = { conditions: Condition[]; params: Record<string, string | number> }

type Wanted = Partial<Omit<AuditFilter, 'limit' | 'offset' | 'cursor'>>

// Comparable with the text that SQLite stores, and a timestamp for PostgreSQL.
export const storedTime = (text: string): string => dateOf(text).toISOString().replace('Z', '+00:00')

const likeOf = (text: string): string => `%${text.toLowerCase().replace(/[!%_]/g, (sign) => `!${sign}`)}%`

// Service-wide events stand in a tenant of their own, for administrators only.
export const mayRead = (scope: Scope): void => {
  if (scope.tenantId !== SYSTEM_TENANT) return
  if (scope.permissions.has('tenant:manage') || scope.identity.scopes.has('admin') || scope.identity.plane === 'job')
    return
  throw new Problem('tenant_access_denied', undefined, { tenant_id: scope.tenantId })
}

export const SYSTEM_TENANT = 'system'

// Proofs, exports and verification speak of the whole tenant, so a fence around workspaces shuts them.
export const mayReadAll = (scope: Scope): void => {
  mayRead(scope)
  if (scope.identity.workspaceIds !== null)
    throw new Problem(
      'workspace_access_denied',
      'The audit log of the tenant is not open to an identity that is limited to workspaces',
    )
}

export const narrow = (scope: Scope, wanted: Wanted): Narrowed => {
  mayRead(scope)
  const { workspaceIds } = scope.identity
  const entries: [Condition, string | undefined][] = [
    ['workspace', wanted.workspace_id],
    ['workspaces', workspaceIds === null ? undefined : JSON.stringify(workspaceIds)],
    ['trace', wanted.trace_id],
    ['event', wanted.event_type === undefined ? undefined : (auditEventFor(wanted.event_type) ?? wanted.event_type)],
    ['actor', wanted.actor],
    ['entity', wanted.entity_id],
    ['request', wanted.request_id],
    ['q', wanted.q === undefined ? undefined : likeOf(wanted.q)],
    ['start', wanted.start_date === undefined ? undefined : storedTime(wanted.start_date)],
    ['end', wanted.end_date === undefined ? undefined : storedTime(wanted.end_date)],
  ]
  const given = entries.filter((entry): entry is [Condition, string] => entry[1] !== undefined)
  return { conditions: given.map(([name]) => name), params: Object.fromEntries(given) }
}
