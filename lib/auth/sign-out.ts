import * as oidc from 'openid-client'
import { kernel } from '@/lib/core/kernel'
import { secretsKey } from '@/lib/core/local-secrets'
import { unseal } from '@/lib/core/sealed'
import { revokeSession } from './end-session'
import { sessionOfRequest } from './guard-ops'
import type { GuardVisit } from './guard-visit'
import { sessionIdentity } from './identities'
import { oidcClient } from './oidc-client'
import { requireSameOrigin } from './same-origin'
import { clearedCookies } from './session-cookie'
import { isSignInConfigured, publicUrl } from './settings'
import { newState, stateCookie } from './sign-out-state'
import { findSessionBySecret, type StoredSession } from './store'

const PATIENCE_MS = 3_000

const giveUpAfter = <T>(ms: number, work: Promise<T>, otherwise: T): Promise<T> =>
  Promise.race([work, new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), ms).unref())])

const afterwards = (): string => `${publicUrl()}/ops/signed-out`

// Best effort: the session here is over whether or not the provider hears of it.
const revokeRefreshToken = async (config: oidc.Configuration, session: StoredSession): Promise<void> => {
  const token = unseal(secretsKey(), session.id, session.refreshTokenEnc)
  if (!token || !config.serverMetadata().revocation_endpoint) return
  await oidc.tokenRevocation(config, token).catch((error: unknown) => {
    kernel().log.warn('the refresh token was not revoked at the provider', { error })
  })
}

const providerExit = async (session: StoredSession, state: string): Promise<string | null> => {
  const config = await oidcClient()
  await revokeRefreshToken(config, session)
  if (!config.serverMetadata().end_session_endpoint) return null
  const idToken = unseal(secretsKey(), session.id, session.idTokenEnc)
  return oidc.buildEndSessionUrl(config, {
    post_logout_redirect_uri: afterwards(),
    state,
    ...(idToken === null ? {} : { id_token_hint: idToken }),
  }).href
}

type Exit = { location: string; cookies: readonly string[] }

const exitFor = async (session: StoredSession | null): Promise<Exit> => {
  if (!session || !isSignInConfigured()) return { location: '/ops/signed-out', cookies: [] }
  const state = newState()
  const away = await giveUpAfter(PATIENCE_MS, providerExit(session, state), null).catch(() => null)
  if (away) return { location: away, cookies: [stateCookie('ended', state)] }
  return { location: `/ops/signed-out?state=${state}`, cookies: [stateCookie('kept', state)] }
}

const leave = (request: Request, { location, cookies }: Exit): Response => {
  const wantsJson = request.headers.get('accept')?.includes('application/json') === true
  const reply = wantsJson ? Response.json({ location }) : new Response(null, { status: 303, headers: { location } })
  for (const cookie of [...clearedCookies(request, publicUrl()), ...cookies]) reply.headers.append('set-cookie', cookie)
  return reply
}

// The row first, then the cookies, then the provider: only the browser itself can end its session over there.
export const signOut = async (request: Request, visit: GuardVisit): Promise<Response> => {
  requireSameOrigin(request, publicUrl())
  const claims = await sessionOfRequest(request)
  const session = claims ? await findSessionBySecret(claims.osid) : null
  const live = session && !session.revokedAt ? session : null
  if (live) await revokeSession(live, 'signed_out', sessionIdentity(live), visit)
  return leave(request, await exitFor(live))
}
