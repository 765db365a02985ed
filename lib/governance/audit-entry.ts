import { isProblem, missing } from '@/lib/shared/problem'
import type { Permission, ServiceScope } from '@/lib/shared/rbac'
import { verifyInclusion } from '../core/audit/verify-proof'
import { type ActRight, AUDIT_FACTS, type AuditEventFacts, rightFor } from '../core/audit-event-facts'
import { AUDIT_EVENTS, isAuditEvent } from '../core/audit-events'
import type { Scope } from '../core/scope'
import { mayRead } from './audit-filter'
import { foldInclusion } from './audit-tree'
import { presentCheckpoint, presentEntry } from './present'
import { checkpointsFrom, findEntry, readHead } from './store'

const UNKNOWN = {
  group: 'unknown',
  means: 'An event that the catalogue does not name',
  written_by: 'unknown',
  keys: [] as string[],
  needs: { permissions: [] as Permission[], scopes: [] as ServiceScope[], others: [] as ActRight['others'][number][] },
}

const explain = (type: string, data: Record<string, unknown> | null): typeof UNKNOWN => {
  if (!isAuditEvent(type)) return UNKNOWN
  const { group, means, room } = AUDIT_EVENTS[type]
  const { keys }: AuditEventFacts = AUDIT_FACTS[type]
  const kind = data?.['kind']
  const { permissions, scopes, others } = rightFor(type, typeof kind === 'string' ? kind : null)
  const needs = { permissions: [...permissions], scopes: [...scopes], others: [...others] }
  return { group, means, written_by: room, keys: [...keys], needs }
}

// A tree that was tampered with proves nothing; it is no reason to hide the event.
const isProven = async (scope: Scope, seq: number, leaf: string): Promise<boolean> => {
  const { size, rootHash } = await readHead(scope)
  if (seq > size || rootHash === null) return false
  const proof = await foldInclusion(scope, seq - 1, size).catch((error: unknown) => {
    if (isProblem(error)) return null
    throw error
  })
  return proof !== null && verifyInclusion({ leaf, index: seq - 1, size, proof: proof.path, root: rootHash })
}

export const auditEntry = async (scope: Scope, seq: number) => {
  mayRead(scope)
  const entry = await findEntry(scope, seq)
  const fence = scope.identity.workspaceIds
  if (!entry || (fence !== null && !fence.includes(entry.workspaceId ?? ''))) return missing('audit event', String(seq))
  const [proven, [sealed]] = await Promise.all([isProven(scope, seq, entry.leafHash), checkpointsFrom(scope, seq, 1)])
  const shown = presentEntry(scope.tenantId, entry)
  return {
    entry: {
      ...shown,
      prev_event_hash: entry.prevEventHash,
      leaf_hash: entry.leafHash,
      erased_at: entry.erasedAt,
    },
    explanation: explain(entry.eventType, shown.event_data),
    proven,
    sealed_by: sealed ? presentCheckpoint(scope.tenantId, sealed) : null,
  }
}
