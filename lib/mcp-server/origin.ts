import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

const ownUrl = (): URL => {
  const { NEXTAUTH_URL, CLASPER_PORT } = kernel().env
  return new URL(NEXTAUTH_URL === '' ? `http://localhost:${CLASPER_PORT}` : NEXTAUTH_URL)
}

const hostOf = (request: Request): string => {
  const address = `http://${request.headers.get('host') ?? new URL(request.url).host}`
  return URL.canParse(address) ? new URL(address).hostname : ''
}

const isListening = (host: string): boolean => {
  const bound = kernel().env.CLASPER_HOST
  const isLocal = LOOPBACK.test(bound) || bound === '::1'
  return !isLocal || LOOPBACK.test(host) || host === ownUrl().hostname
}

// A page of others that had its name turned to this address still says where it comes from, or what it called us.
export const assertNotRebound = (request: Request): void => {
  const origin = request.headers.get('origin')
  const known = [ownUrl().origin, ...kernel().env.CLASPER_MCP_ORIGINS]
  if (origin !== null && !known.includes(origin))
    throw new Problem('cross_site_refused', 'Pages of this origin may not call here.')
  if (!isListening(hostOf(request))) throw new Problem('cross_site_refused', 'This server does not go by that name.')
}

const BY_HAND = ['authorization', 'x-agent-daemon-key', 'x-ops-api-key']

// A browser sends its cookies whoever asks; a program brings a key or a token.
export const assertBroughtCredential = ({ identity }: Scope, request: Request): void => {
  if (identity.sessionId === undefined && BY_HAND.some((name) => request.headers.has(name))) return
  throw new Problem('missing_credentials', 'A key or a bearer token is needed here; a session is not enough.')
}
