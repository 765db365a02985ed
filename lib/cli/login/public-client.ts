import * as oidc from 'openid-client'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const TIMEOUT_SECONDS = 10

// Tokens travel in the clear only where nobody else listens.
export const safeUrl = (text: string, what: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw new Error(`${what} is not a URL: ${text}`)
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname)) return url
  throw new Error(`${what} must be https: ${text}`)
}

// A program on somebody's machine keeps no secret, so it has none.
export const publicClient = async (issuer: string, clientId: string): Promise<oidc.Configuration> => {
  const url = safeUrl(issuer, 'The issuer')
  const execute = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []
  return oidc.discovery(url, clientId, undefined, oidc.None(), { execute, timeout: TIMEOUT_SECONDS })
}

export type Tokens = Awaited<ReturnType<typeof oidc.refreshTokenGrant>>
export type Say = (line: string) => void
