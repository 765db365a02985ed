import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import type { AuditDraft } from '@/lib/core/audit/draft'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { isProblem, Problem } from '@/lib/shared/problem'
import { explainJose, providerKeys, SIGNING_ALGORITHMS } from './bearer'
import type { EndReason } from './end-session'
import { auditFailure } from './failures'
import type { GuardVisit } from './guard-visit'
import { unreachable } from './oidc-client'
import { dropGuards } from './revocation'
import { isSignInConfigured } from './settings'
import type { StoredSession } from './store'
import { endSessionsByOrder, type LogoutOrder } from './store-logout'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const FRESH_SECONDS = 300
const TYPES = new Set(['logout+jwt', 'application/logout+jwt'])

const REASON = 'backchannel_logout' satisfies EndReason

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

// Ends every session and remembers the order in one transaction: an order that failed may come again.
const obey = async (order: LogoutOrder, visit: GuardVisit): Promise<void> => {
  const data = { kind: 'session_revoked', action: 'sign_out', reason: REASON }
  const draft = ({ id, userId }: StoredSession): AuditDraft => ({
    event: 'config_change',
    actor: 'system:identity-provider',
    entityId: id,
    requestId: visit.requestId,
    data: { ...data, user: userId },
  })
  const ended = await obeyed(() => endSessionsByOrder(order, REASON, kernel().clock.now(), draft))
  if (ended === null) return refuse('replayed')
  for (const tenantId of new Set(ended.map((session) => session.tenantId))) kernel().bus.emit('committed', { tenantId })
  visit.log.info('sessions ended by the identity provider', { sessions: ended.length })
}

const obeyed = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    throw new Problem('unavailable', 'The sessions could not be ended. Send the order again.', undefined, {
      cause,
      headers: { 'retry-after': '5' },
    })
  } finally {
    dropGuards()
  }
}

const reply = (status: number, body: object | null): Response =>
  new Response(body ? JSON.stringify(body) : null, {
    status,
    headers: { 'cache-control': 'no-store', ...(body ? { 'content-type': 'application/json' } : {}) },
  })

const process = async (token: string, visit: GuardVisit): Promise<Response> => {
  await obey(await orderOf(token), visit)
  return reply(200, null)
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
