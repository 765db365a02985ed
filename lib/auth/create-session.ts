import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { createScope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import type { Person } from './claims'
import { ensureTenant } from './create-tenant'
import { revokeSession } from './end-session'
import type { GuardVisit } from './guard-visit'
import { personIdentity } from './identities'
import type { Tokens } from './provider-check'
import { nextRecheck, sealedTokens } from './refresh'
import { newSessionId } from './service-key'
import type { SessionClaims } from './session-cookie'
import { IDLE_MS, SESSION_MS } from './settings'
import { findSessionBySecret } from './store'

export type SignIn = {
  person: Person
  issuer: string
  sub: string
  idpSid: string | null
  tokens: Tokens
  visit: GuardVisit
  userAgent: string | null
  // The session that the same browser had before: it ends, so that nobody can plant one.
  previous: SessionClaims | null
}

const MAX_AGENT = 300

const rowOf = (signIn: SignIn, id: string, idHash: string, now: Date) => {
  const { person } = signIn
  return {
    tenantId: person.tenantId,
    id,
    idHash,
    issuer: signIn.issuer,
    sub: signIn.sub,
    userId: person.userId,
    idpSid: signIn.idpSid,
    name: person.name,
    email: person.email,
    activeTenantId: person.tenantId,
    allowedTenants: [...person.allowedTenants],
    workspaceId: person.workspaceId,
    roles: [...person.roles],
    createdAt: now,
    lastSeenAt: now,
    expiresAt: dateOf(now.getTime() + SESSION_MS),
    idleExpiresAt: dateOf(now.getTime() + IDLE_MS),
    recheckAt: nextRecheck(now, signIn.tokens.expiresAt),
    ...sealedTokens(id, signIn.tokens),
    ip: signIn.visit.clientIp,
    userAgent: signIn.userAgent?.slice(0, MAX_AGENT) ?? null,
  }
}

const endPrevious = async (signIn: SignIn): Promise<void> => {
  const session = signIn.previous ? await findSessionBySecret(signIn.previous.osid) : null
  if (session && !session.revokedAt) {
    await revokeSession(session, 'replaced', personIdentity(signIn.person, 'sign-in'), signIn.visit)
  }
}

export const createSession = async (signIn: SignIn): Promise<SessionClaims> => {
  const now = kernel().clock.now()
  const { text, hash } = newSessionId()
  const id = uuidv7(now.getTime())
  const { person, visit } = signIn
  await endPrevious(signIn)
  const identity = personIdentity(person, `session:${id}`)
  await ensureTenant(person.tenantId, { createdBy: `user:${person.userId}`, by: identity, visit })
  const scope = createScope({ ...visit, identity, tenantId: person.tenantId })
  const data = { action: 'sign_in', method: 'oidc', issuer: signIn.issuer, role: person.role, address: visit.clientIp }
  await scope.mutate({ event: 'auth_success', entityId: id, data }, (db) =>
    db.opsSession.create({ data: rowOf(signIn, id, hash, now), select: { id: true } }),
  )
  return { sub: signIn.sub, sid: signIn.idpSid, tenant: person.tenantId, rolesVersion: 1, osid: text }
}
