import type { JWK } from 'jose'
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { deviceCodePage, deviceConfirmPage, logoutPage, notePage } from './identity-pages'
import { memoryAdapter, type Storage } from './memory-adapter'
import { claimsOf, type Person } from './people'

export const DEMO_CLIENT_ID = 'clasper-console'
export const DEMO_CLI_CLIENT_ID = 'clasper-cli'

export type IdentitySettings = {
  consoleUrl: string
  clientSecret: string
  audience: string
  accessTokenSeconds: number
  cookieKey: string
  people: () => readonly Person[]
  storage: Storage
  keys: () => readonly JWK[]
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const HOURS = 3600

const clientsOf = (settings: IdentitySettings): ClientMetadata[] => [
  {
    client_id: DEMO_CLIENT_ID,
    client_name: 'Clasper',
    client_secret: settings.clientSecret,
    redirect_uris: [`${settings.consoleUrl}/api/auth/callback/oidc`],
    post_logout_redirect_uris: [`${settings.consoleUrl}/ops/signed-out`],
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'RS256',
    backchannel_logout_uri: `${settings.consoleUrl}/ops/backchannel-logout`,
    backchannel_logout_session_required: true,
  },
  {
    client_id: DEMO_CLI_CLIENT_ID,
    client_name: 'The clasper command line',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
    response_types: ['code'],
    id_token_signed_response_alg: 'RS256',
  },
]

// Two libraries, one RFC: the same key, described by two different types.
const keysOf = (settings: IdentitySettings) => [...settings.keys()] as NonNullable<Configuration['jwks']>['keys']

const html = (ctx: KoaContextWithOIDC, body: string) => {
  ctx.type = 'html'
  ctx.body = body
}

const personOf = (settings: IdentitySettings, id: string) => settings.people().find((person) => person.id === id)

// The library's own guard refuses to post to loopback addresses; here the console lives on one.
const plainFetch = (url: string | URL | Request, options: RequestInit = {}) => {
  const { method, headers, body, redirect, signal } = options
  return fetch(url, {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(signal === undefined ? {} : { signal }),
  })
}

const featuresOf = (settings: IdentitySettings): NonNullable<Configuration['features']> => ({
  devInteractions: { enabled: false },
  backchannelLogout: { enabled: true },
  revocation: { enabled: true, allowedPolicy: () => true },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx, form) => html(ctx, logoutPage(form)),
    postLogoutSuccessSource: (ctx) => html(ctx, notePage('Signed out', 'You can close this page.')),
  },
  deviceFlow: {
    enabled: true,
    userCodeInputSource: (ctx, form, _out, error) =>
      html(ctx, deviceCodePage(form, error && 'This code is not valid. Try again.')),
    userCodeConfirmSource: (ctx, form, _client, _info, code) => html(ctx, deviceConfirmPage(form, code)),
    successSource: (ctx) => html(ctx, notePage('Connected', 'Your terminal is signed in. You can close this page.')),
  },
  resourceIndicators: {
    enabled: true,
    defaultResource: (_ctx, client) => (client.clientId === DEMO_CLI_CLIENT_ID ? settings.audience : []),
    useGrantedResource: () => true,
    getResourceServerInfo: () => ({
      scope: 'ops',
      audience: settings.audience,
      accessTokenFormat: 'jwt',
      accessTokenTTL: settings.accessTokenSeconds,
      jwt: { sign: { alg: 'RS256' } },
    }),
  },
})

export const configurationOf = (settings: IdentitySettings): Configuration => ({
  adapter: memoryAdapter(settings.storage),
  clients: clientsOf(settings),
  jwks: { keys: keysOf(settings) },
  cookies: {
    keys: [settings.cookieKey],
    short: { path: '/' },
    names: { session: 'idp.session', interaction: 'idp.interaction', resume: 'idp.resume' },
  },
  conformIdTokenClaims: false,
  scopes: ['openid', 'offline_access', 'ops'],
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name'],
    roles: [
      'user_id',
      'roles',
      'tenant_id',
      'allowed_tenants',
      'workspace_id',
      'groups',
      'realm_access',
      '_claim_names',
      '_claim_sources',
    ],
  },
  features: featuresOf(settings),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: {
    AccessToken: settings.accessTokenSeconds,
    AuthorizationCode: 60,
    DeviceCode: 600,
    Grant: 24 * HOURS,
    IdToken: HOURS,
    Interaction: HOURS,
    RefreshToken: 24 * HOURS,
    Session: 24 * HOURS,
  },
  fetch: plainFetch,
  findAccount: (_ctx, id) => {
    if (!personOf(settings, id)) return undefined
    return { accountId: id, claims: () => ({ sub: id, ...claimsOf(personOf(settings, id) ?? missingPerson(id)) }) }
  },
  extraTokenClaims: (_ctx, token) => {
    const person = 'accountId' in token && token.accountId ? personOf(settings, token.accountId) : undefined
    return person ? claimsOf(person) : undefined
  },
  renderError: (ctx, out) => html(ctx, notePage('That did not work', `${out.error}: ${out.error_description ?? ''}`)),
})

const missingPerson = (id: string): never => {
  throw new Error(`no person ${id}`)
}
