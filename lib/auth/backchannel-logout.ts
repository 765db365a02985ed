import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { isProblem, Problem } from '@/lib/shared/problem'
import { explainJose, providerKeys, SIGNING_ALGORITHMS } from './bearer'
import { revokeSession } from './end-session'
import { auditFailure, SYSTEM_TENANT } from './failures'
import type { GuardVisit } from './guard-visit'
import { systemIdentity } from './identities'
import { unreachable } from './oidc-client'
import { isSignInConfigured } from './settings'
import { findLiveSessions, rememberToken, wasTokenSeen } from './store'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const FRESH_SECONDS = 300
const TYPES = new Set(['logout+jwt', 'application/logout+jwt'])

type LogoutOrder = { issuer: string; jti: string; sid: string | null; sub: string | null; expiresAt: Date }

const refuse = (reason: string): never => {
  throw new Problem('invalid_request', undefined, { reason })
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// An ID token must never pass for a logout token, nor the other way round: type, event and the missing nonce tell.
const refuseOtherKinds = (token: string, payload: JWTPayload): void => {
  const { typ } = decodeProtectedHeader(token)
  if (typ !== undefined && !TYPES.has(typ.toLowerCase())) refuse('type')
  if ('nonce' in payload) refuse('nonce')
  const events = payload['events']
  if (!isObject(events) || !isObject(Reflect.get(events, EVENT))) refuse('events')
}

const verified = async (token: string): Promise<JWTPayload> => {
  const { env, clock } = kernel()
  try {
    const { payload } = await jwtVerify(token, await providerKeys(), {
      issuer: env.OPS_OIDC_ISSUER,
      audience: env.OPS_OIDC_CLIENT_ID,
      algorithms: SIGNING_ALGORITHMS,
      clockTolerance: 5,
      requiredClaims: ['iat', 'jti'],
      currentDate: clock.now(),
    })
    return payload
  } catch (error) {
    return explainJose(error)
  }
}

const orderOf = async (token: string): Promise<LogoutOrder> => {
  const payload = await verified(token)
  refuseOtherKinds(token, payload)
  const now = kernel().clock.now().getTime() / 1000
  const issued = payload.iat ?? 0
  if (Math.abs(now - issued) > FRESH_SECONDS) refuse('stale')
  const sid = text(payload['sid'])
  const sub = text(payload.sub)
  if (sid === null && sub === null) refuse('subject')
  const jti = text(payload.jti) ?? refuse('jti')
  const expiresAt = dateOf(((payload.exp ?? issued) + FRESH_SECONDS) * 1000)
  return { issuer: payload.iss ?? '', jti, sid, sub, expiresAt }
}

const obey = async (order: LogoutOrder, visit: GuardVisit): Promise<void> => {
  const sessions = await findLiveSessions(order)
  for (const session of sessions) {
    await revokeSession(
      session,
      'backchannel_logout',
      systemIdentity('system:identity-provider', session.tenantId),
      visit,
    )
  }
  visit.log.info('sessions ended by the identity provider', { sessions: sessions.length, tenant: SYSTEM_TENANT })
}

const reply = (status: number, body: object | null): Response =>
  new Response(body ? JSON.stringify(body) : null, {
    status,
    headers: { 'cache-control': 'no-store', ...(body ? { 'content-type': 'application/json' } : {}) },
  })

// Remembered after the sessions have ended: a delivery that failed half way may come again.
const process = async (token: string, visit: GuardVisit): Promise<Response> => {
  const order = await orderOf(token)
  if (await wasTokenSeen(order.issuer, order.jti)) return refuse('replayed')
  await obey(order, visit)
  const first = await rememberToken(order.issuer, order.jti, order.expiresAt, kernel().clock.now())
  return first ? reply(200, null) : refuse('replayed')
}

const ours = (error: unknown): Problem => (isProblem(error) ? error : unreachable(error))

export const backchannelLogout = async (token: string, visit: GuardVisit): Promise<Response> => {
  if (!isSignInConfigured()) throw new Problem('config_error', 'Sign-in is not configured: OPS_OIDC_ISSUER is empty.')
  try {
    return await process(token, visit)
  } catch (error) {
    const problem = ours(error)
    if (problem.code === 'unavailable') throw problem
    const reason = String(problem.details?.['reason'] ?? problem.code)
    await auditFailure(visit, { method: 'backchannel_logout', reason })
    return reply(400, { error: 'invalid_request', error_description: reason })
  }
}
