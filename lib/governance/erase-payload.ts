import { missing, Problem } from '@/lib/shared/problem'
import type { MutateDb, Scope } from '../core/scope'
import { mayReadAll } from './audit-filter'
import { ERASED_ENTITY } from './payload-checker'

const mustErase = async (db: MutateDb, seq: number): Promise<void> => {
  const key = { tenantId_seq: { tenantId: db.tenantId, seq: BigInt(seq) } }
  const entry = await db.auditEntry.findUnique({ where: key, select: { entityId: true } })
  if (!entry) return missing('audit event', String(seq))
  if (entry.entityId?.startsWith(ERASED_ENTITY)) {
    throw new Problem('invalid_request', 'The record of an erasure cannot be erased itself')
  }
}

/** Takes the payload away for good. Its commitment stays, so every proof still verifies. */
export const erasePayload = async (scope: Scope, seq: number, justification: string) => {
  mayReadAll(scope)
  const erasedAt = scope.clock.now()
  const about = {
    event: 'config_change',
    entityId: `${ERASED_ENTITY}${seq}`,
    data: { kind: 'audit_payload_erased', seq, justification },
  } as const
  await scope.mutate(about, async (db) => {
    await mustErase(db, seq)
    const where = { tenantId: db.tenantId, seq: BigInt(seq) }
    const { count } = await db.auditPayload.updateMany({
      where: { ...where, erasedAt: null },
      data: { data: '', salt: '', erasedAt },
    })
    if (count === 0) throw new Problem('already_resolved', 'The payload was erased before')
    await db.auditEntry.updateMany({ where, data: { entityId: null, requestId: null } })
  })
  return { status: 'ok' as const, seq, erased_at: erasedAt.toISOString() }
}
