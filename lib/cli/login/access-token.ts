import * as oidc from 'openid-client'
import { dateOf, systemClock } from '@/lib/core/clock'
import { publicClient, type Tokens } from './public-client'
import { alone, type Login, readLogin, writeLogin } from './token-file'

const EARLY_MS = 30_000

export const notSignedIn = (): never => {
  throw new Error('You are not signed in. Run clasper login.')
}

export const lifeOf = (tokens: Tokens): string | null => {
  const seconds = tokens.expiresIn()
  return seconds === undefined ? null : dateOf(systemClock.now().getTime() + seconds * 1000).toISOString()
}

const isFresh = ({ expires_at: end }: Login): boolean =>
  end === null || dateOf(end).getTime() - systemClock.now().getTime() > EARLY_MS

const renewed = async (login: Login): Promise<Login> => {
  if (login.refresh_token === null) return notSignedIn()
  const client = await publicClient(login.issuer, login.client_id)
  const tokens = await oidc.refreshTokenGrant(client, login.refresh_token).catch((cause: unknown) => {
    if (cause instanceof oidc.ResponseBodyError && cause.error === 'invalid_grant') return notSignedIn()
    throw new Error('The identity provider does not answer.', { cause })
  })
  const subject = tokens.claims()?.sub
  if (subject !== undefined && subject !== login.sub)
    throw new Error('The identity provider answered for another person.')
  const next = {
    ...login,
    access_token: tokens.access_token,
    refresh_token: tokens.refresh_token ?? login.refresh_token,
    expires_at: lifeOf(tokens),
  }
  writeLogin(next)
  return next
}

/** The login with an access token that still lives for a while. */
export const freshLogin = async (): Promise<Login> => {
  const login = readLogin() ?? notSignedIn()
  if (isFresh(login)) return login
  return alone(async () => {
    const current = readLogin() ?? notSignedIn()
    return isFresh(current) ? current : renewed(current)
  })
}
