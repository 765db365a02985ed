import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { readProcessEnv } from '@/lib/core/env'
import { configurationOf, DEMO_CLI_CLIENT_ID, DEMO_CLIENT_ID, type IdentitySettings } from './identity-config'
import { controlsOf, type IdentityState, newSigningKey } from './identity-controls'
import { interact } from './identity-interaction'
import { DEMO_PEOPLE, type Person } from './people'

export type IdentityProviderOptions = {
  consoleUrl: string
  port?: number
  host?: string
  clientSecret?: string
  audience?: string
  people?: readonly Person[]
  accessTokenSeconds?: number
}

export type IdentityProvider = ReturnType<typeof controlsOf> & {
  issuer: string
  port: number
  clientId: string
  clientSecret: string
  cliClientId: string
  audience: string
  rotateKeys(options?: { keepOld?: boolean }): Promise<void>
  down(): Promise<void>
  up(): Promise<void>
  stop(): Promise<void>
}

const listen = (server: Server, host: string, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

export const refuseInProduction = (raw = readProcessEnv()): void => {
  if (raw['NODE_ENV'] === 'production' && raw['CLASPER_PROFILE'] !== 'demo') {
    throw new Error('The demo identity provider starts in production only with CLASPER_PROFILE=demo.')
  }
}

const serve = (state: IdentityState) =>
  createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    state.visits.set(path, (state.visits.get(path) ?? 0) + 1)
    const { provider, people } = state
    if (!provider) return void response.writeHead(503).end()
    if (path.startsWith('/interaction/')) return void interact({ provider, people, request, response })
    void provider.callback()(request, response)
  })

// `down` must refuse connections, so the listening socket itself goes away and comes back on the same port.
const socketOf = (state: IdentityState, host: string) => {
  let server = serve(state)
  return {
    start: (port: number) => listen(server, host, port),
    down: () => close(server),
    up: async (port: number) => {
      if (server.listening) return
      server = serve(state)
      await listen(server, host, port)
    },
  }
}

const settingsOf = (options: IdentityProviderOptions, state: IdentityState): IdentitySettings => ({
  consoleUrl: options.consoleUrl.replace(/\/$/, ''),
  clientSecret: options.clientSecret ?? randomBytes(24).toString('hex'),
  audience: state.audience,
  accessTokenSeconds: options.accessTokenSeconds ?? 600,
  cookieKey: randomBytes(24).toString('hex'),
  people: () => state.people,
  storage: state.storage,
  keys: () => state.keys,
})

const freshState = async (options: IdentityProviderOptions): Promise<IdentityState> => ({
  issuer: '',
  audience: options.audience ?? 'urn:clasper:ops',
  people: [...(options.people ?? DEMO_PEOPLE)],
  keys: [await newSigningKey()],
  storage: new Map(),
  provider: undefined,
  visits: new Map(),
})

export const startIdentityProvider = async (options: IdentityProviderOptions): Promise<IdentityProvider> => {
  refuseInProduction()
  const host = options.host ?? '127.0.0.1'
  const state = await freshState(options)
  const settings = settingsOf(options, state)
  const socket = socketOf(state, host)
  const port = await socket.start(options.port ?? 0)
  state.issuer = `http://${host}:${port}`
  const rebuild = () => {
    state.provider = new Provider(state.issuer, configurationOf(settings))
  }
  rebuild()
  return {
    ...controlsOf(state),
    issuer: state.issuer,
    port,
    clientId: DEMO_CLIENT_ID,
    clientSecret: settings.clientSecret,
    cliClientId: DEMO_CLI_CLIENT_ID,
    audience: state.audience,
    rotateKeys: async ({ keepOld = true } = {}) => {
      state.keys = [await newSigningKey(), ...(keepOld ? state.keys : [])]
      rebuild()
    },
    down: socket.down,
    up: () => socket.up(port),
    stop: socket.down,
  }
}
