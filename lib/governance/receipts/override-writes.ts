import { dateOf } from '@/lib/core/clock'
import type { CommandAudit, MutateDb, Scope } from '@/lib/core/scope'
import type { CommandWrite } from '@/lib/core/writer'
import { Problem } from '@/lib/shared/problem'
import { rolesWith } from '@/lib/shared/rbac'
import { toWire } from '@/lib/shared/time'
import { Override } from '../contract/receipt'
import { receiptWrite } from './receipt'

export type OverrideUse = {
  override: Override
  action: string
  targetId: string | null
  workspaceId?: string
  traceId?: string
}
export type OverrideReceipt = { id: string; writes: CommandWrite[]; audits: CommandAudit[] }

type Who = Pick<Scope, 'identity' | 'clock' | 'redaction'>

// A person of the console alone: no key, no token and no adapter passes a check by a word in its body.
const requireOverride = ({ identity }: Who): void => {
  if (identity.plane === 'ops' && identity.userId !== null && identity.permissions.has('override:use')) return
  throw new Problem('permission_denied', 'An override needs the permission override:use.', {
    permission: 'override:use',
    role: identity.role,
    required_roles: rolesWith('override:use'),
  })
}

const requireReason = ({ clock }: Who, override: Override): Override => {
  const parsed = Override.safeParse(override)
  if (!parsed.success) {
    const fieldErrors = Object.fromEntries(
      parsed.error.issues.map((one) => [`override.${one.path.join('.')}`, [one.message]]),
    )
    throw new Problem('invalid_request', undefined, { formErrors: [], fieldErrors })
  }
  const { expires_at: until } = parsed.data
  if (until === undefined || dateOf(until) > clock.now()) return parsed.data
  const fieldErrors = { 'override.expires_at': ['has passed'] }
  throw new Problem('invalid_request', 'The override has expired.', { formErrors: [], fieldErrors })
}

/**
 * The receipt of a refused check that a person passes: rows for the same command as the action itself, so that there
 * is none without the action. Throws where this person may not, or gives no reason.
 */
export const overrideWrites = (scope: Who, use: OverrideUse): OverrideReceipt => {
  requireOverride(scope)
  const { reason_code, justification, expires_at } = requireReason(scope, use.override)
  const place = {
    ...(use.workspaceId === undefined ? {} : { workspaceId: use.workspaceId }),
    ...(use.traceId === undefined ? {} : { traceId: use.traceId }),
  }
  const { id, at, write } = receiptWrite(scope, {
    kind: 'override',
    action: use.action,
    targetId: use.targetId,
    reason: { reason_code, justification },
    data: { workspace_id: use.workspaceId ?? null, trace_id: use.traceId ?? null },
    expiresAt: expires_at === undefined ? null : dateOf(expires_at),
    isDue: true,
  })
  const { actor, role } = scope.identity
  const timestamp = toWire(at)
  const told = { action: use.action, target_id: use.targetId, reason_code, justification, timestamp, receipt_id: id }
  return {
    id,
    writes: [write],
    audits: [{ event: 'ops_override_used', entityId: id, ...place, data: { actor, role, ...told } }],
  }
}

/** The same within a `scope.mutate`. */
export const recordOverride = async (scope: Who, db: MutateDb, use: OverrideUse): Promise<string> => {
  const { id, writes, audits } = overrideWrites(scope, use)
  for (const { statement, rows } of writes) await db.run(statement, rows)
  for (const audit of audits) db.audit(audit)
  return id
}
