import { setTimeout as pause } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { type Claims, hasRolesClaim } from './claims'
import type { EndReason } from './end-session'
import { secretsKey } from './local-secrets'
import { oidcClient } from './oidc-client'
import { unseal } from './sealed'
import { claimRules } from './settings'
import type { StoredSession } from './store'

export type Tokens = {
  accessToken: string
  refreshToken: string | null
  idToken: string | null
  expiresAt: Date | null
}
export type Answer = { claims: Claims; tokens: Tokens }

type Outcome =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'refused'; reason: EndReason }
  | { kind: 'away'; cause: unknown }

const RETRIES_MS = [500, 1_000]

const isRefusal = (error: unknown): boolean =>
  (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') ||
  (error instanceof oidc.WWWAuthenticateChallengeError && error.status === 401)

const isFinal = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof oidc.ResponseBodyError && error.status < 500)

const withRetries = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const wait of RETRIES_MS) {
    try {
      return await work()
    } catch (error) {
      if (isFinal(error)) throw error
      await pause(wait)
    }
  }
  return work()
}

const NO_CLAIMS: Claims = {}

// Providers differ in where they put roles: the ID token first, the userinfo endpoint when it lacks them.
export const completeClaims = async (
  config: oidc.Configuration,
  idClaims: Claims,
  accessToken: string,
  subject: string,
): Promise<Claims> => {
  if (hasRolesClaim(idClaims, claimRules()) || !config.serverMetadata().userinfo_endpoint) return idClaims
  return { ...idClaims, ...(await oidc.fetchUserInfo(config, accessToken, subject)) }
}

const refreshed = async (session: StoredSession, refreshToken: string): Promise<Answer> => {
  const config = await oidcClient()
  const tokens = await oidc.refreshTokenGrant(config, refreshToken)
  const claims = await completeClaims(config, tokens.claims() ?? NO_CLAIMS, tokens.access_token, session.sub)
  const seconds = tokens.expiresIn()
  const now = kernel().clock.now().getTime()
  return {
    claims: { ...claims, sub: claims['sub'] ?? session.sub },
    tokens: {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? refreshToken,
      idToken: tokens.id_token ?? null,
      expiresAt: seconds === undefined ? null : dateOf(now + seconds * 1000),
    },
  }
}

const looked = async (session: StoredSession, accessToken: string): Promise<Answer> => {
  const claims = await oidc.fetchUserInfo(await oidcClient(), accessToken, session.sub)
  return { claims, tokens: { accessToken, refreshToken: null, idToken: null, expiresAt: session.accessExpiresAt } }
}

const question = (session: StoredSession): (() => Promise<Answer>) | null => {
  const key = secretsKey()
  const refreshToken = unseal(key, session.id, session.refreshTokenEnc)
  if (refreshToken) return () => refreshed(session, refreshToken)
  const accessToken = unseal(key, session.id, session.accessTokenEnc)
  const lives = session.accessExpiresAt !== null && session.accessExpiresAt > kernel().clock.now()
  return accessToken && lives ? () => looked(session, accessToken) : null
}

export const askProvider = async (session: StoredSession): Promise<Outcome> => {
  const ask = question(session)
  if (!ask) return { kind: 'refused', reason: 'cannot_recheck' }
  try {
    return { kind: 'answer', answer: await withRetries(ask) }
  } catch (error) {
    return isRefusal(error) ? { kind: 'refused', reason: 'idp_rejected' } : { kind: 'away', cause: error }
  }
}
