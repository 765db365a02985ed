import { createHash, randomBytes } from 'node:crypto'
import NextAuth, { type AuthOptions } from 'next-auth'
import { shareWithNextAuth } from '@/lib/core/env'
import { sessionSecret } from '@/lib/core/local-secrets'
import { isSecureUrl, parseCookies } from './session-cookie'
import { publicUrl } from './settings'

export type AuthCall = {
  action: readonly string[]
  method: string
  query?: Readonly<Record<string, string>>
  body?: Readonly<Record<string, string>>
  cookies?: Readonly<Record<string, string>>
}

type Handler = (request: object, response: object, options: AuthOptions) => Promise<unknown>

// A CommonJS default export arrives wrapped or bare, depending on who loads it.
const handler = (): Handler => {
  const loaded: unknown = NextAuth
  const inner: unknown = typeof loaded === 'object' && loaded !== null ? Reflect.get(loaded, 'default') : loaded
  return inner as Handler
}

type Collected = { status: number; headers: Map<string, string | string[]>; body: string | null }

const asText = (body: unknown): string | null =>
  body === undefined || body === null ? null : typeof body === 'string' ? body : JSON.stringify(body)

// The shape of a Node response as far as next-auth writes to it.
const collector = (into: Collected) => {
  const response = {
    status: (code: number) => {
      into.status = code
      return response
    },
    getHeader: (name: string) => into.headers.get(name.toLowerCase()),
    setHeader: (name: string, value: string | string[]) => {
      into.headers.set(name.toLowerCase(), value)
      return response
    },
    send: (body: unknown) => {
      into.body = asText(body)
    },
    json: (body: unknown) => {
      into.headers.set('content-type', 'application/json')
      into.body = asText(body)
    },
    end: () => undefined,
  }
  return response
}

const replyOf = ({ status, headers, body }: Collected): Response => {
  const reply = new Response(body, { status })
  for (const [name, value] of headers) for (const one of [value].flat()) reply.headers.append(name, one)
  reply.headers.set('cache-control', 'no-store')
  return reply
}

// next-auth as a function of plain values: no Next request scope, no trust in forwarded headers.
export const callNextAuth = async (call: AuthCall, options: AuthOptions): Promise<Response> => {
  shareWithNextAuth(publicUrl())
  const collected: Collected = { status: 200, headers: new Map(), body: null }
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: [...call.action] },
    body: call.body ?? {},
    cookies: call.cookies ?? {},
    headers: { host: new URL(publicUrl()).host },
  }
  await handler()(request, collector(collected), options)
  return replyOf(collected)
}

export const cookiesOf = (request: Request): Record<string, string> =>
  Object.fromEntries([...parseCookies(request.headers.get('cookie'))].map(([name, value]) => [name, decoded(value)]))

const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

// The library starts a sign-in only with its own double-submit token. Starting one changes nothing of ours,
// so the server may mint the pair itself and spare the person a button.
export const ownCsrf = (): { cookies: Record<string, string>; csrfToken: string } => {
  const csrfToken = randomBytes(32).toString('hex')
  const hash = createHash('sha256').update(`${csrfToken}${sessionSecret()}`).digest('hex')
  const name = `${isSecureUrl(publicUrl()) ? '__Host-' : ''}next-auth.csrf-token`
  return { cookies: { [name]: `${csrfToken}|${hash}` }, csrfToken }
}
