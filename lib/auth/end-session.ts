import { kernel } from '@/lib/core/kernel'
import { createScope, type Identity } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import type { GuardVisit } from './guard-visit'
import { bumpRevocation, dropGuards } from './revocation'
import { endSession, type StoredSession } from './store'

export type EndReason =
  | 'signed_out'
  | 'replaced'
  | 'backchannel_logout'
  | 'idp_rejected'
  | 'no_role'
  | 'person_changed'
  | 'cannot_recheck'

const ALREADY_ENDED = Symbol('already ended')

const visitOfSystem = (): GuardVisit => {
  const id = uuidv7(kernel().clock.now().getTime())
  return { requestId: id, traceId: id, clientIp: 'internal', signal: new AbortController().signal, log: kernel().log }
}

const eventFor = (reason: EndReason) =>
  reason === 'signed_out' || reason === 'replaced' ? 'auth_success' : 'config_change'

// Row, audit row and the counter that the other instances watch change together; ending twice is ending once.
export const revokeSession = async (
  session: StoredSession,
  reason: EndReason,
  by: Identity,
  visit: GuardVisit = visitOfSystem(),
): Promise<boolean> => {
  const scope = createScope({ ...visit, identity: by, tenantId: session.tenantId })
  const data = { kind: 'session_revoked', action: 'sign_out', reason, user: session.userId }
  try {
    await scope.mutate({ event: eventFor(reason), entityId: session.id, data }, async (db) => {
      if (!(await endSession(db, session, scope.clock.now(), reason))) throw ALREADY_ENDED
      await bumpRevocation(db)
    })
    return true
  } catch (error) {
    if (error === ALREADY_ENDED) return false
    throw error
  } finally {
    dropGuards()
  }
}
