import type { Account, AuthOptions, Profile } from 'next-auth'
import { dateOf, systemClock } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { sessionSecret } from '@/lib/core/local-secrets'
import { isProblem } from '@/lib/shared/problem'
import { type Claims, type Person, personFrom } from './claims'
import { createSession } from './create-session'
import { revokeSession } from './end-session'
import { auditFailure } from './failures'
import type { GuardVisit } from './guard-visit'
import { sessionIdentity } from './identities'
import { oidcClient } from './oidc-client'
import { completeClaims, type Tokens } from './provider-check'
import { isSecureUrl, libraryCookies, SESSION_SECONDS, type SessionClaims } from './session-cookie'
import { claimRules, publicUrl } from './settings'
import { findSessionBySecret } from './store'

const PROVIDER_TIMEOUT_MS = 10_000
export const SIGN_IN_PAGE = '/ops/sign-in'

export type SignInContext = { visit: GuardVisit; userAgent: string | null; previous: SessionClaims | null }

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

// The library turned a lifetime into a date by the system's clock; sessions are judged by the kernel's.
const onOurClock = (seconds: number): Date =>
  dateOf(kernel().clock.now().getTime() + seconds * 1000 - systemClock.now().getTime())

const tokensOf = (account: Account): Tokens => ({
  accessToken: account.access_token ?? '',
  refreshToken: text(account.refresh_token),
  idToken: text(account.id_token),
  expiresAt: account.expires_at === undefined ? null : onOurClock(account.expires_at),
})

const claimsOf = async (account: Account, profile: Profile): Promise<Claims> => {
  const claims: Claims = { ...profile }
  return completeClaims(await oidcClient(), claims, account.access_token ?? '', String(profile.sub))
}

type Admission = { person: Person | null }

// Runs before any session exists: whoever has no role or no tenant gets no cookie at all.
const admit =
  ({ visit }: SignInContext, admission: Admission): NonNullable<NonNullable<AuthOptions['callbacks']>['signIn']> =>
  async ({ account, profile }) => {
    if (!account || !profile) return false
    try {
      admission.person = personFrom(await claimsOf(account, profile), claimRules())
      return true
    } catch (error) {
      const reason = isProblem(error) ? error.code : 'provider_error'
      await auditFailure(visit, { method: 'oidc', reason, subject: text(profile.sub) ?? 'unknown' })
      if (!isProblem(error)) kernel().log.error('sign-in failed', { error })
      return `${SIGN_IN_PAGE}?error=${reason}`
    }
  }

const nameSession =
  (context: SignInContext, admission: Admission): NonNullable<NonNullable<AuthOptions['callbacks']>['jwt']> =>
  async ({ token, account, profile }) => {
    if (!account || !profile || !admission.person) return token
    return createSession({
      ...context,
      person: admission.person,
      issuer: kernel().env.OPS_OIDC_ISSUER,
      sub: String(profile.sub),
      idpSid: text(Reflect.get(profile, 'sid')),
      tokens: tokensOf(account),
    })
  }

const provider = (): AuthOptions['providers'][number] => {
  const { env } = kernel()
  const offline = env.OPS_OIDC_SCOPE.split(' ').includes('offline_access')
  return {
    id: 'oidc',
    name: 'OpenID Connect',
    type: 'oauth',
    wellKnown: `${env.OPS_OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: env.OPS_OIDC_CLIENT_ID,
    clientSecret: env.OPS_OIDC_CLIENT_SECRET,
    // Core 1.0 §11: a refresh token for offline use is granted only when the person is asked.
    authorization: { params: { scope: env.OPS_OIDC_SCOPE, ...(offline ? { prompt: 'consent' } : {}) } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    client: { id_token_signed_response_alg: env.OPS_OIDC_SIGNING_ALG },
    httpOptions: { timeout: PROVIDER_TIMEOUT_MS },
    profile: (claims: Profile) => ({ id: String(claims.sub) }),
  }
}

const endOnSignOut =
  ({ visit }: SignInContext): NonNullable<NonNullable<AuthOptions['events']>['signOut']> =>
  async ({ token }) => {
    const session = text(token?.['osid']) ? await findSessionBySecret(String(token['osid'])) : null
    if (session && !session.revokedAt) await revokeSession(session, 'signed_out', sessionIdentity(session), visit)
  }

const quietly = (level: 'warn' | 'error') => (code: string, metadata?: unknown) =>
  kernel().log[level](level === 'error' ? 'sign-in library error' : 'sign-in library warning', {
    code,
    error: metadata,
  })

// A new set of options for each request: its callbacks know the request they belong to.
export const signInOptions = (context: SignInContext): AuthOptions => {
  const admission: Admission = { person: null }
  return {
    providers: [provider()],
    secret: sessionSecret(),
    useSecureCookies: isSecureUrl(publicUrl()),
    cookies: libraryCookies(publicUrl()),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS, updateAge: 300 },
    pages: { signIn: SIGN_IN_PAGE, error: SIGN_IN_PAGE, signOut: SIGN_IN_PAGE },
    callbacks: { signIn: admit(context, admission), jwt: nameSession(context, admission) },
    events: { signOut: endOnSignOut(context) },
    debug: false,
    logger: { error: quietly('error'), warn: quietly('warn'), debug: () => undefined },
  }
}
