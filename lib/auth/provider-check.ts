import { setTimeout as pause } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { secretsKey } from '@/lib/core/local-secrets'
import { unseal } from '@/lib/core/sealed'
import { type Claims, hasRolesClaim } from './claims'
import type { EndReason } from './end-session'
import { limitedBy, oidcClient, REQUEST_MS } from './oidc-client'
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

const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

// Nobody can have read the request: there was no connection.
const isUnsent = (error: unknown): boolean =>
  error instanceof Error && (UNSENT.has(String(Reflect.get(error, 'code'))) || isUnsent(error.cause))

const withRetries = async <T>(until: number, mayRetry: (error: unknown) => boolean, work: () => Promise<T>) => {
  for (const wait of RETRIES_MS) {
    try {
      return await work()
    } catch (error) {
      if (!mayRetry(error) || monotonicMs() + wait + REQUEST_MS > until) throw error
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

type Granted = Awaited<ReturnType<typeof oidc.refreshTokenGrant>>

const tokensOf = (granted: Granted, refreshToken: string): Tokens => {
  const seconds = granted.expiresIn()
  const now = kernel().clock.now().getTime()
  return {
    accessToken: granted.access_token,
    refreshToken: granted.refresh_token ?? refreshToken,
    idToken: granted.id_token ?? null,
    expiresAt: seconds === undefined ? null : dateOf(now + seconds * 1000),
  }
}

export type KeepTokens = (tokens: Tokens) => Promise<unknown>

// The grant spends the token even if its answer is lost on the way, so it is sent again only when it was never sent;
// what it returned is kept before anything else can fail.
const refreshed = async (session: StoredSession, refreshToken: string, until: number, keep: KeepTokens) => {
  const config = await oidcClient()
  const granted = await withRetries(until, isUnsent, () => oidc.refreshTokenGrant(config, refreshToken))
  const tokens = tokensOf(granted, refreshToken)
  await keep(tokens)
  const said = granted.claims() ?? NO_CLAIMS
  const claims = await withRetries(
    until,
    (error) => !isFinal(error),
    () => completeClaims(config, said, tokens.accessToken, session.sub),
  )
  return { claims: { ...claims, sub: claims['sub'] ?? session.sub }, tokens }
}

const looked = async (session: StoredSession, accessToken: string, until: number): Promise<Answer> => {
  const config = await oidcClient()
  const claims = await withRetries(
    until,
    (error) => !isFinal(error),
    () => oidc.fetchUserInfo(config, accessToken, session.sub),
  )
  return { claims, tokens: { accessToken, refreshToken: null, idToken: null, expiresAt: session.accessExpiresAt } }
}

const question = (session: StoredSession, until: number, keep: KeepTokens): (() => Promise<Answer>) | null => {
  const key = secretsKey()
  const refreshToken = unseal(key, session.id, session.refreshTokenEnc)
  if (refreshToken) return () => refreshed(session, refreshToken, until, keep)
  const accessToken = unseal(key, session.id, session.accessTokenEnc)
  const lives = session.accessExpiresAt !== null && session.accessExpiresAt > kernel().clock.now()
  return accessToken && lives ? () => looked(session, accessToken, until) : null
}

export const askProvider = async (session: StoredSession, withinMs: number, keep: KeepTokens): Promise<Outcome> => {
  const ask = question(session, monotonicMs() + withinMs, keep)
  if (!ask) return { kind: 'refused', reason: 'cannot_recheck' }
  try {
    return { kind: 'answer', answer: await limitedBy(AbortSignal.timeout(withinMs), ask) }
  } catch (error) {
    return isRefusal(error) ? { kind: 'refused', reason: 'idp_rejected' } : { kind: 'away', cause: error }
  }
}
