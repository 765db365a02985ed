import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBrowser, type Page } from '@/lib/core/testing/browser'
import { type IdentityProvider, refuseInProduction, startIdentityProvider } from './identity-provider'

const CONSOLE = 'http://127.0.0.1:9'
const REDIRECT = `${CONSOLE}/api/auth/callback/oidc`

let idp: IdentityProvider
let rp: oidc.Configuration

beforeAll(async () => {
  idp = await startIdentityProvider({ consoleUrl: CONSOLE })
  rp = await oidc.discovery(new URL(idp.issuer), idp.clientId, idp.clientSecret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
})
afterAll(() => idp.stop())

const authorize = async () => {
  const verifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(rp, {
    redirect_uri: REDIRECT,
    scope: 'openid email profile offline_access roles',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    prompt: 'consent',
  })
  return { url, verifier }
}

const walk = async (person: string, browser = createBrowser()) => {
  const { url, verifier } = await authorize()
  const stopAtConsole = async (page: Promise<Page>) => page.catch((error: unknown) => String(error))
  const people = await browser.open(url.href)
  const consent = await browser.submit(people, { person })
  const landed = await stopAtConsole(browser.submit(consent, { decision: 'continue' }))
  return { verifier, browser, consent, landed }
}

const codeFrom = async (person: string) => {
  const { url, verifier } = await authorize()
  const browser = createBrowser()
  const people = await browser.open(url.href)
  const consent = await browser.submit(people, { person })
  const action = /action="([^"]+)"/.exec(consent.body)?.[1] ?? ''
  let next = new URL(action, consent.url).href
  let init: RequestInit = { method: 'POST', body: new URLSearchParams({ decision: 'continue' }) }
  while (!next.startsWith(CONSOLE)) {
    const response = await browser.hop(next, init)
    next = new URL(response.headers.get('location') ?? '', next).href
    init = {}
  }
  return { url: new URL(next), verifier }
}

const tokensOf = async (person: string) => {
  const { url, verifier } = await codeFrom(person)
  return oidc.authorizationCodeGrant(rp, url, { pkceCodeVerifier: verifier })
}

describe('the demo identity provider', () => {
  test('lists the people as buttons and asks once more before it continues', async () => {
    const { url } = await authorize()
    const page = await createBrowser().open(url.href)
    for (const { name } of idp.people()) expect(page.body).toContain(name)
    const { consent } = await walk('ada')
    expect(consent.body).toContain('Ada Nwosu')
    expect(consent.body).toContain('value="continue"')
  })

  test('the ID token carries roles, tenant, sid; a refresh token is issued', async () => {
    const tokens = await tokensOf('max')
    expect(tokens.claims()).toMatchObject({
      sub: 'max',
      roles: ['admin'],
      tenant_id: 'acme',
      allowed_tenants: ['globex'],
    })
    expect(tokens.claims()).toHaveProperty('sid')
    expect(tokens.refresh_token).toBeTypeOf('string')
  })

  test('a changed role arrives with the next refresh, a removed person is refused', async () => {
    const tokens = await tokensOf('omar')
    idp.change('omar', { roles: ['viewer'] })
    const renewed = await oidc.refreshTokenGrant(rp, tokens.refresh_token ?? '')
    expect(renewed.claims()).toMatchObject({ roles: ['viewer'] })
    idp.remove('omar')
    await expect(oidc.refreshTokenGrant(rp, renewed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('its keys can be rotated and it can be taken down and brought back', async () => {
    const jwks = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`), { cooldownDuration: 0 })
    const old = await idp.bearer('ada')
    await jwtVerify(old, jwks)
    await idp.rotateKeys()
    const fresh = await idp.bearer('ada')
    expect((await jwtVerify(fresh, jwks)).payload).toMatchObject({ sub: 'ada', aud: idp.audience })
    expect((await jwtVerify(old, jwks)).payload.sub).toBe('ada')
    await idp.down()
    await expect(fetch(`${idp.issuer}/jwks`)).rejects.toThrow()
    await idp.up()
    expect((await fetch(`${idp.issuer}/jwks`)).status).toBe(200)
  })

  test('device flow gives a JWT access token for the ops API', async () => {
    const cli = await oidc.discovery(new URL(idp.issuer), idp.cliClientId, undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    })
    const device = await oidc.initiateDeviceAuthorization(cli, { scope: 'openid offline_access roles ops' })
    const browser = createBrowser()
    const confirm = await browser.open(device.verification_uri_complete ?? '')
    const shown = confirm.body.includes('deviceConfirmForm') ? confirm : await browser.submit(confirm, {})
    const people = await browser.submit(shown, {})
    const consent = await browser.submit(people, { person: 'ada' })
    const done = await browser.submit(consent, { decision: 'continue' })
    expect(done.body).toContain('Connected')
    const tokens = await oidc.pollDeviceAuthorizationGrant(cli, { ...device, interval: 0 })
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      aud: idp.audience,
      sub: 'ada',
      roles: ['admin'],
      tenant_id: 'acme',
    })
  })

  test('refuses production unless the demo profile is asked for', () => {
    expect(() => refuseInProduction({ NODE_ENV: 'production' })).toThrow(/CLASPER_PROFILE=demo/)
    expect(() => refuseInProduction({ NODE_ENV: 'production', CLASPER_PROFILE: 'demo' })).not.toThrow()
  })
})
