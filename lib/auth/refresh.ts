import { setTimeout as pause } from 'node:timers/promises'
import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { secretsKey } from '@/lib/core/local-secrets'
import { seal } from '@/lib/core/sealed'
import { isProblem, Problem } from '@/lib/shared/problem'
import { type Person, personFrom } from './claims'
import { type EndReason, revokeSession } from './end-session'
import { systemIdentity } from './identities'
import { unreachable } from './oidc-client'
import { type Answer, askProvider, type Tokens } from './provider-check'
import { claimRules, RECHECK_MS } from './settings'
import {
  endRefreshLease,
  findSession,
  keepUnderLease,
  type SessionRenewal,
  type StoredSession,
  takeRefreshLease,
} from './store'
import { mayActIn } from './tenant-choice'

export const LEASE_MS = 15_000
// Time for discovery and the grant at their slowest, and less than the lease by what the database may need.
const CHECK_MS = 10_000
const WAIT_MS = 25_000
const POLL_MS = 40
const EARLY_MS = 60_000
const SOON_MS = 15_000

const plus = (now: Date, ms: number): Date => dateOf(now.getTime() + ms)

// Re-checked every five minutes, and a minute before the access token dies, whichever comes first.
export const nextRecheck = (now: Date, accessExpiresAt: Date | null): Date => {
  const regular = now.getTime() + RECHECK_MS
  if (!accessExpiresAt) return dateOf(regular)
  return dateOf(Math.min(regular, Math.max(accessExpiresAt.getTime() - EARLY_MS, now.getTime() + SOON_MS)))
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item))

export const sealedTokens = (owner: string, tokens: Answer['tokens']) => {
  const key = secretsKey()
  return {
    accessTokenEnc: seal(key, owner, tokens.accessToken),
    ...(tokens.refreshToken === null ? {} : { refreshTokenEnc: seal(key, owner, tokens.refreshToken) }),
    ...(tokens.idToken === null ? {} : { idTokenEnc: seal(key, owner, tokens.idToken) }),
    accessExpiresAt: tokens.expiresAt,
  }
}

const renewalOf = (session: StoredSession, answer: Answer, person: Person, now: Date): SessionRenewal => {
  const changed = !sameSet(session.roles, person.roles) || !sameSet(session.allowedTenants, person.allowedTenants)
  const staysAway = mayActIn(person, session.activeTenantId)
  return {
    ...sealedTokens(session.id, answer.tokens),
    recheckAt: nextRecheck(now, answer.tokens.expiresAt),
    userId: person.userId,
    roles: [...person.roles],
    rolesVersion: session.rolesVersion + (changed ? 1 : 0),
    allowedTenants: [...person.allowedTenants],
    activeTenantId: staysAway ? session.activeTenantId : person.tenantId,
    workspaceId: person.workspaceId,
    name: person.name ?? session.name,
    email: person.email ?? session.email,
  }
}

const end = async (session: StoredSession, reason: EndReason): Promise<null> => {
  await revokeSession(session, reason, systemIdentity('system:session-check', session.tenantId))
  return null
}

const personOf = (answer: Answer): Person | null => {
  try {
    return personFrom(answer.claims, claimRules())
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
}

// While the access token lives the last answer still holds; after that nobody vouches for this person any more.
const endure = async (session: StoredSession, now: Date, cause: unknown): Promise<StoredSession> => {
  const vouched = session.accessExpiresAt !== null && session.accessExpiresAt > now
  await endRefreshLease(session, kernel().id, { recheckAt: vouched ? plus(now, SOON_MS) : session.recheckAt })
  if (!vouched) throw isProblem(cause) ? cause : unreachable(cause)
  return { ...session, recheckAt: plus(now, SOON_MS) }
}

// Without the new end of life: until the claims are complete, only the last complete answer counts.
const keepTokens = (session: StoredSession, tokens: Tokens): Promise<unknown> => {
  const { accessExpiresAt: _, ...sealed } = sealedTokens(session.id, tokens)
  return keepUnderLease(session, kernel().id, sealed)
}

const renew = async (session: StoredSession): Promise<StoredSession | null> => {
  const now = kernel().clock.now()
  const outcome = await askProvider(session, CHECK_MS, (tokens) => keepTokens(session, tokens))
  if (outcome.kind === 'away') return endure(session, now, outcome.cause)
  if (outcome.kind === 'refused') return end(session, outcome.reason)
  const person = personOf(outcome.answer)
  if (!person) return end(session, 'no_role')
  if (person.tenantId !== session.tenantId || outcome.answer.claims['sub'] !== session.sub)
    return end(session, 'person_changed')
  await endRefreshLease(session, kernel().id, renewalOf(session, outcome.answer, person, now))
  return findSession(session.tenantId, session.id)
}

const renewUnderLease = async (stale: StoredSession): Promise<StoredSession | null> => {
  const deadline = monotonicMs() + WAIT_MS
  for (;;) {
    const now = kernel().clock.now()
    const mine = await takeRefreshLease(stale, kernel().id, now, plus(now, LEASE_MS))
    const session = await findSession(stale.tenantId, stale.id)
    if (!session || session.revokedAt) return null
    if (mine) return renew(session)
    if (session.recheckAt > now) return session
    if (monotonicMs() > deadline) throw new Problem('unavailable', 'The session could not be checked in time.')
    await pause(POLL_MS)
  }
}

const flights = () => kernel().slot('auth.rechecks', () => new Map<string, Promise<StoredSession | null>>())

// One flight in the process, one lease among processes: a refresh token that is spent twice is revoked for good.
export const recheck = (session: StoredSession): Promise<StoredSession | null> => {
  const running = flights().get(session.id)
  if (running) return running
  const flight = renewUnderLease(session).finally(() => flights().delete(session.id))
  flights().set(session.id, flight)
  return flight
}
