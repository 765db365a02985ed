import { hkdfSync } from 'node:crypto'
import { jwtDecrypt } from 'jose'

export const SESSION_SECONDS = 8 * 3600

export type SessionClaims = { sub: string; sid: string | null; tenant: string; rolesVersion: number; osid: string }

export const isSecureUrl = (publicUrl: string): boolean => publicUrl.startsWith('https://')

// A cookie with this prefix can be set by this very host alone, so no neighbouring subdomain plants a session
// or the checks of a sign-in that somebody else began.
const hostOnly = (publicUrl: string, name: string): string =>
  `${isSecureUrl(publicUrl) ? '__Host-' : ''}next-auth.${name}`

const sessionCookieName = (publicUrl: string): string => hostOnly(publicUrl, 'session-token')

const CHECK_SECONDS = 900

export const libraryCookies = (publicUrl: string) => {
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecureUrl(publicUrl) } as const
  const named = (name: string) => ({ name: hostOnly(publicUrl, name), options })
  const check = (name: string) => ({ ...named(name), options: { ...options, maxAge: CHECK_SECONDS } })
  return {
    sessionToken: named('session-token'),
    callbackUrl: named('callback-url'),
    pkceCodeVerifier: check('pkce.code_verifier'),
    state: check('state'),
    nonce: check('nonce'),
  }
}

export const parseCookies = (header: string | null): Map<string, string> => {
  const cookies = new Map<string, string>()
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    if (at > 0 && !cookies.has(name)) cookies.set(name, part.slice(at + 1).trim())
  }
  return cookies
}

// The payload is five short fields, so it never needs the library's chunks; a chunked cookie is not one of ours.
export const sessionCookie = (request: Request, publicUrl: string): string | null =>
  parseCookies(request.headers.get('cookie')).get(sessionCookieName(publicUrl)) ?? null

// Must stay the derivation of next-auth, which writes the cookie.
const keyFrom = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32))

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

export const openSessionCookie = async (cookie: string, secret: string, now: Date): Promise<SessionClaims | null> => {
  try {
    const { payload } = await jwtDecrypt(cookie, keyFrom(secret), {
      currentDate: now,
      clockTolerance: 15,
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const { sub, sid, tenant, rolesVersion, osid } = payload
    if (!isText(sub) || !isText(tenant) || !isText(osid)) return null
    return { sub, sid: isText(sid) ? sid : null, tenant, rolesVersion: Number(rolesVersion), osid }
  } catch {
    return null
  }
}

export const clearedCookies = (request: Request, publicUrl: string): string[] => {
  const secure = isSecureUrl(publicUrl) ? '; Secure' : ''
  const base = sessionCookieName(publicUrl)
  const present = [...parseCookies(request.headers.get('cookie')).keys()].filter((name) => name.startsWith(base))
  return [...new Set([base, ...present])].map((name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}`)
}
