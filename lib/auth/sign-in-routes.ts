import { kernel } from '@/lib/core/kernel'
import { Problem } from '@/lib/shared/problem'
import { auditFailure } from './failures'
import { sessionOfRequest } from './guard-ops'
import type { GuardVisit } from './guard-visit'
import { type AuthCall, callNextAuth, cookiesOf, ownCsrf } from './next-auth-bridge'
import { isSignInConfigured, publicUrl } from './settings'
import { SIGN_IN_PAGE, type SignInContext, signInOptions } from './sign-in'

const contextOf = async (request: Request, visit: GuardVisit): Promise<SignInContext> => ({
  visit,
  userAgent: request.headers.get('user-agent'),
  previous: await sessionOfRequest(request),
})

const requireConfigured = (): void => {
  if (!isSignInConfigured()) throw new Problem('config_error', 'Sign-in is not configured: OPS_OIDC_ISSUER is empty.')
}

// Only pages of the console. A browser reads a backslash as a slash and drops tabs and newlines, so neither may occur.
const safeCallback = (wanted = ''): string => {
  const plain = /^\/ops(?:[/?#]|$)/.test(wanted) && !wanted.includes('\\') && !/\s/.test(wanted)
  return plain && !wanted.startsWith(SIGN_IN_PAGE) ? wanted : '/ops'
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

// The check cookies belong to the host that the browser is on; on a developer's machine two names mean the same.
const otherName = (request: Request, path: string): Response | null => {
  const wanted = new URL(publicUrl())
  const host = request.headers.get('host') ?? wanted.host
  const here = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : wanted
  const twins = LOOPBACK.test(here.hostname) && LOOPBACK.test(wanted.hostname) && here.hostname !== wanted.hostname
  if (!twins || here.port !== wanted.port) return null
  return new Response(null, { status: 303, headers: { location: new URL(path, wanted).href } })
}

// Straight to the identity provider: who opens the console without a session sees no page of ours in between.
export const startSignIn = async (
  request: Request,
  visit: GuardVisit,
  wanted: string | undefined,
): Promise<Response> => {
  requireConfigured()
  const callback = safeCallback(wanted)
  const elsewhere = otherName(request, `/ops/sign-in/start?callback=${encodeURIComponent(callback)}`)
  if (elsewhere) return elsewhere
  const { cookies, csrfToken } = ownCsrf()
  const body = { csrfToken, callbackUrl: new URL(callback, publicUrl()).href }
  const options = signInOptions(await contextOf(request, visit))
  return callNextAuth({ action: ['signin', 'oidc'], method: 'POST', body, cookies }, options)
}

const CALLBACK = 'callback'

// What of the library is reachable. Its own session, log and provider lists are not: nothing of ours needs them.
const OPEN = new Set(['GET callback', 'GET error', 'GET signin', 'GET csrf', 'POST signin', 'POST signout'])

const auditOutcome = async (call: AuthCall, reply: Response, visit: GuardVisit): Promise<void> => {
  const location = reply.headers.get('location') ?? ''
  if (call.action[0] !== CALLBACK || !/[?&]error=/.test(location)) return
  const reason = new URL(location, publicUrl()).searchParams.get('error') ?? 'unknown'
  // Refusals of ours were audited where they were decided, with the person's name.
  if (/^[A-Z]/.test(reason)) await auditFailure(visit, { method: 'oidc', reason })
}

export const nextAuthRoute = async (
  request: Request,
  visit: GuardVisit,
  action: readonly string[],
  body: Readonly<Record<string, string>> = {},
): Promise<Response> => {
  requireConfigured()
  if (!OPEN.has(`${request.method} ${action[0] ?? ''}`)) throw new Problem('not_found')
  const query = Object.fromEntries(new URL(request.url, publicUrl()).searchParams)
  const call = { action, method: request.method, query, body, cookies: cookiesOf(request) }
  const reply = await callNextAuth(call, signInOptions(await contextOf(request, visit)))
  await auditOutcome(call, reply, visit)
  kernel().log.debug('sign-in step', { action: action[0] ?? '' })
  return reply
}
