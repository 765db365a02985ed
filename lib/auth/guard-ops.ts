import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import { sessionSecret } from '@/lib/core/local-secrets'
import type { Identity } from '@/lib/core/scope'
import { isProblem, Problem } from '@/lib/shared/problem'
import { type BearerPrincipal, verifyBearer } from './bearer'
import { withWindow } from './break-glass'
import type { Person } from './claims'
import { auditFailure } from './failures'
import { bearerOf } from './guard-service'
import type { GuardVisit } from './guard-visit'
import { personIdentity } from './identities'
import { liveSession } from './ops-session'
import { remembered } from './revocation'
import { requireSameOrigin } from './same-origin'
import { hashSecret, sameSecret } from './service-key'
import { clearedCookies, openSessionCookie, type SessionClaims, sessionCookie } from './session-cookie'
import { isSignInConfigured, publicUrl } from './settings'

const bearerIdentity = async (token: string, visit: GuardVisit): Promise<Identity> => {
  try {
    const known = await remembered<BearerPrincipal>(`bearer:${hashSecret(token)}`, () => verifyBearer(token))
    if (kernel().clock.now().getTime() >= known.expiresAt)
      throw new Problem('invalid_token', undefined, { reason: 'expired' })
    return known.identity
  } catch (error) {
    if (isProblem(error) && ['invalid_token', 'missing_claim', 'no_role'].includes(error.code)) {
      await auditFailure(visit, { method: 'bearer', reason: error.code })
    }
    throw error
  }
}

const openCookies = () =>
  kernel().slot('auth.cookies', () => new LRUCache<string, SessionClaims>({ max: 5_000, ttl: 60_000 }))

// Decrypting costs more than everything after it; the payload only names a row, and the row is asked every time.
const opened = async (cookie: string): Promise<SessionClaims | null> => {
  const known = openCookies().get(cookie)
  if (known) return known
  const claims = await openSessionCookie(cookie, sessionSecret(), kernel().clock.now())
  if (claims) openCookies().set(cookie, claims)
  return claims
}

export const sessionOfRequest = async (request: Request): Promise<SessionClaims | null> => {
  const cookie = sessionCookie(request, publicUrl())
  return cookie === null ? null : opened(cookie)
}

const signedOut = (request: Request): Problem =>
  new Problem('signed_out', undefined, undefined, {
    headers: { 'set-cookie': clearedCookies(request, publicUrl())[0] ?? '' },
  })

const cookieIdentity = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  requireSameOrigin(request, publicUrl())
  const claims = await sessionOfRequest(request)
  const session = claims ? await liveSession(claims.osid, visit.isPassive) : null
  if (!session) throw signedOut(request)
  return session.identity
}

const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded']
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

// A proxy on this machine would make the whole world look local; a foreign Host header means a rebound name.
const isLocalCall = (request: Request, visit: GuardVisit): boolean =>
  (/^127\./.test(visit.clientIp) || visit.clientIp === '::1') &&
  !FORWARDED.some((name) => request.headers.has(name)) &&
  LOOPBACK_HOST.test(request.headers.get('host') ?? '')

const developer: Person = {
  userId: 'dev-user',
  tenantId: 'dev-tenant',
  workspaceId: 'dev-tenant',
  allowedTenants: [],
  role: 'admin',
  roles: ['admin'],
  name: 'Developer',
  email: null,
}

const localKeyIdentity = async (request: Request, key: string, visit: GuardVisit): Promise<Identity> => {
  const { env } = kernel()
  if (env.OPS_LOCAL_API_KEY === '' || env.isProduction || !isLocalCall(request, visit))
    throw new Problem('missing_token')
  if (!sameSecret(key, env.OPS_LOCAL_API_KEY)) {
    await auditFailure(visit, { method: 'ops_local_key', reason: 'wrong' })
    throw new Problem('invalid_token', undefined, { reason: 'wrong_key' })
  }
  const role = env.OPS_DEFAULT_ROLE
  if (role === '')
    throw new Problem('no_role', 'OPS_LOCAL_API_KEY takes its role from OPS_DEFAULT_ROLE, which is empty.')
  const person: Person = {
    ...developer,
    userId: 'local-key',
    tenantId: env.CLASPER_DEFAULT_TENANT_ID,
    workspaceId: null,
    role,
    roles: [role],
    name: null,
  }
  return personIdentity(person, 'ops:local-key')
}

const noAuthIdentity = (request: Request, visit: GuardVisit): Identity | null => {
  const { env } = kernel()
  const allowed = env.OPS_DEV_NO_AUTH && !env.isProduction && !isSignInConfigured() && isLocalCall(request, visit)
  if (!allowed) return null
  requireSameOrigin(request, publicUrl())
  return personIdentity(developer, 'ops:dev-no-auth')
}

// A bearer that is present decides: a bad one never falls back to a cookie.
const personOf = async (request: Request, visit: GuardVisit): Promise<Identity> => {
  const bearer = bearerOf(request)
  if (bearer) return bearerIdentity(bearer, visit)
  if (bearer === '') throw new Problem('missing_token', 'The Authorization header is malformed.')
  if (sessionCookie(request, publicUrl()) !== null) return cookieIdentity(request, visit)
  const localKey = request.headers.get('x-ops-api-key')
  if (localKey) return localKeyIdentity(request, localKey, visit)
  const developerHere = noAuthIdentity(request, visit)
  if (developerHere) return developerHere
  throw new Problem('missing_token')
}

export const opsIdentity = async (request: Request, visit: GuardVisit): Promise<Identity> =>
  withWindow(await personOf(request, visit))
