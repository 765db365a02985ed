import { randomBytes } from 'node:crypto'
import { sameSecret } from './service-key'
import { isSecureUrl, parseCookies } from './session-cookie'
import { publicUrl } from './settings'

// What became of the provider's own session: it ended too, or it could not be asked to.
const OUTCOMES = ['ended', 'kept'] as const
export type Outcome = (typeof OUTCOMES)[number]

const LIFE_SECONDS = 600

// The prefix keeps a neighbouring subdomain from planting one.
const nameOf = (url: string): string => `${isSecureUrl(url) ? '__Host-' : ''}clasper.signed-out`

export const newState = (): string => randomBytes(32).toString('base64url')

export const stateCookie = (outcome: Outcome, state: string): string => {
  const secure = isSecureUrl(publicUrl()) ? '; Secure' : ''
  return `${nameOf(publicUrl())}=${outcome}.${state}; Path=/; Max-Age=${LIFE_SECONDS}; HttpOnly; SameSite=Lax${secure}`
}

// null: this browser did not set out for this page, so nothing may be told about a sign-out.
export const signedOutReturn = (cookieHeader: string | null, state: unknown): Outcome | null => {
  const kept = parseCookies(cookieHeader).get(nameOf(publicUrl())) ?? ''
  const at = kept.indexOf('.')
  const expected = kept.slice(at + 1)
  if (at < 0 || expected === '' || typeof state !== 'string' || !sameSecret(state, expected)) return null
  return OUTCOMES.find((outcome) => outcome === kept.slice(0, at)) ?? null
}
