import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as oidc from 'openid-client'
import type { Say, Tokens } from './public-client'

const PATIENCE_MS = 5 * 60_000
const HOST = '127.0.0.1'

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Clasper</title>
<body style="font:16px system-ui;margin:20vh auto;max-width:28rem;text-align:center">`
const DONE = `${PAGE}<h1>That is all</h1><p>Go back to the terminal; this page can be closed.</p>`
const NOT_OURS = `${PAGE}<h1>Not expected here</h1><p>This address waits for another answer.</p>`

const send = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  response.end(body)
}

// Only the answer to our own question counts: any page may call this address, so anything else is turned away
// and the wait goes on.
const answerIn = (request: IncomingMessage, origin: string, state: string): URL | null => {
  if (request.method !== 'GET' || `http://${request.headers.host ?? ''}` !== origin) return null
  const url = URL.canParse(request.url ?? '', origin) ? new URL(request.url ?? '', origin) : null
  return url?.origin === origin && url.pathname === '/callback' && url.searchParams.get('state') === state ? url : null
}

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, resolve)
  })
  return `http://${HOST}:${(server.address() as AddressInfo).port}`
}

const answerTo = (server: Server, origin: string, state: string): Promise<URL> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Nobody signed in within five minutes.')), PATIENCE_MS)
    server.on('request', (request, response) => {
      const url = answerIn(request, origin, state)
      send(response, url ? 200 : 400, url ? DONE : NOT_OURS)
      if (!url) return
      clearTimeout(timer)
      resolve(url)
    })
  })

const checks = () => ({
  pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
  expectedState: oidc.randomState(),
  expectedNonce: oidc.randomNonce(),
})

const questionOf = async (
  client: oidc.Configuration,
  asked: ReturnType<typeof checks>,
  origin: string,
  scope: string,
) =>
  oidc.buildAuthorizationUrl(client, {
    redirect_uri: `${origin}/callback`,
    scope,
    state: asked.expectedState,
    nonce: asked.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(asked.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
  })

export const loopbackFlow = async (client: oidc.Configuration, scope: string, say: Say): Promise<Tokens> => {
  const server = createServer()
  try {
    const origin = await listening(server)
    const asked = checks()
    const answer = answerTo(server, origin, asked.expectedState)
    say(`Open ${(await questionOf(client, asked, origin, scope)).href}`)
    return await oidc.authorizationCodeGrant(client, await answer, { ...asked, idTokenExpected: true })
  } finally {
    server.close()
  }
}
