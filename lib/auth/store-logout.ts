import type { AuditDraft } from '@/lib/core/audit/draft'
import { kernel } from '@/lib/core/kernel'
import type { WriterTx } from '@/lib/core/writer'
import { BUMP_REVOCATION } from './sql'
import { endSession, isDuplicate, type StoredSession, sessionOf } from './store'

export type LogoutOrder = { issuer: string; jti: string; sid: string | null; sub: string | null; expiresAt: Date }

const whose = ({ issuer, sid, sub }: LogoutOrder) => ({
  issuer,
  revokedAt: null,
  ...(sid === null ? { sub: sub ?? '' } : { idpSid: sid, ...(sub === null ? {} : { sub }) }),
})

const endEach = async (tx: WriterTx, order: LogoutOrder, reason: string, now: Date): Promise<StoredSession[]> => {
  const rows = await tx.client.opsSession.findMany({
    where: whose(order),
    orderBy: [{ tenantId: 'asc' }, { id: 'asc' }],
  })
  const ended: StoredSession[] = []
  for (const session of rows.map(sessionOf)) {
    if (await endSession(tx.client, session, now, reason)) ended.push(session)
  }
  return ended
}

// The order, the sessions of all tenants, their audit rows and the counter change together or not at all.
// null: this very order was obeyed before; the primary key decides between two that arrive together.
export const endSessionsByOrder = async (
  order: LogoutOrder,
  reason: string,
  now: Date,
  draftOf: (session: StoredSession) => AuditDraft,
): Promise<StoredSession[] | null> => {
  const { issuer, jti, expiresAt } = order
  try {
    return await kernel().db.writer.transaction(null, async (tx) => {
      await tx.client.seenToken.create({ data: { issuer, jti, expiresAt } })
      const ended = await endEach(tx, order, reason, now)
      for (const session of ended) tx.audit(session.tenantId, [draftOf(session)])
      if (ended.length > 0) await tx.run(BUMP_REVOCATION, { rows: '[{}]' })
      return ended
    })
  } catch (error) {
    if (isDuplicate(error)) return null
    throw error
  }
}
