import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callerOf, requireInternal } from './agent-token'
import { capabilitiesOf } from './capabilities'
import { openStore, type Store } from './database'
import { type Endpoint, type House, readBody, reply } from './endpoint'
import { createFeed } from './feed'
import { HOOKS, type Hooks } from './hooks'
import { MESSAGES } from './messages'
import { addNotification, NOTIFICATIONS } from './notifications'
import { showPage } from './page'
import { PRESENCE } from './presence'
import { Refusal } from './refusal'
import { seedDemo } from './seed'
import { TASKS } from './tasks'
import { TOOL_REQUESTS } from './tool-requests'
import { TOOLS } from './tools'

export type BackendOptions = {
  agentJwtSecret: string
  internalToken?: string
  // ':memory:' or a file. What was answered is in it.
  databasePath?: string
  host?: string
  port?: number
  // Tenants that get a demo conversation.
  seed?: readonly string[]
  hooks?: Hooks
}

export type ReferenceBackend = {
  url: string
  port: number
  store: Store
  notify: (owner: { tenantId: string; userId: string }, what: { role: string; content: string }) => { id: unknown }
  close: () => Promise<void>
}

const CONTRACT = [...TASKS, ...MESSAGES, ...NOTIFICATIONS, ...PRESENCE, ...TOOL_REQUESTS, ...TOOLS]
const ENDPOINTS = [...CONTRACT, ...capabilitiesOf(CONTRACT)].map((endpoint) => ({
  endpoint,
  pattern: new RegExp(`^${endpoint.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}))

type Found = { endpoint: Endpoint; params: Record<string, string> }

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Refusal(400, 'The address is not valid', 'invalid_request')
  }
}

const find = (method: string, path: string): Found => {
  const here = ENDPOINTS.filter(({ pattern }) => pattern.test(path))
  const match = here.find(({ endpoint }) => endpoint.method === method)
  if (!match) {
    if (here.length === 0) throw new Refusal(404, 'There is nothing here', 'not_found')
    throw new Refusal(
      405,
      `Allowed here: ${here.map(({ endpoint }) => endpoint.method).join(', ')}`,
      'method_not_allowed',
    )
  }
  const groups = Object.entries(match.pattern.exec(path)?.groups ?? {})
  return { endpoint: match.endpoint, params: Object.fromEntries(groups.map(([name, text]) => [name, decoded(text)])) }
}

type Rules = House & Pick<BackendOptions, 'agentJwtSecret' | 'internalToken'>

const serve = async (rules: Rules, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const address = new URL(request.url ?? '/', 'http://backend')
  if (request.method === 'GET' && address.pathname === '/') return showPage(rules.store, request, response)
  const { endpoint, params } = find(request.method ?? 'GET', address.pathname)
  const { store, feed, hooks } = rules
  const house = { store, feed, hooks }
  if (endpoint.guard === 'agent') {
    const caller = await callerOf(request, rules.agentJwtSecret)
    if ('stream' in endpoint) return endpoint.stream({ ...house, caller }, response)
    const asked = { ...house, params, query: address.searchParams, body: await readBody(request), caller }
    return reply(response, 200, await endpoint.answer(asked))
  }
  if (endpoint.guard === 'internal') requireInternal(request, rules.internalToken ?? '')
  const asked = { ...house, params, query: address.searchParams, body: await readBody(request) }
  return reply(response, 200, await endpoint.answer(asked))
}

const answerTo = (error: unknown): { status: number; body: object } => {
  if (error instanceof Refusal) {
    const { status, message, code, details } = error
    return { status, body: { error: message, code, ...(details === undefined ? {} : { details }) } }
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return { status: 500, body: { error: 'Something failed in the backend', code: 'internal_error' } }
}

const refuse = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, body } = answerTo(error)
  if (status === 413) response.setHeader('connection', 'close')
  reply(response, status, body)
}

const listening = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

/** A complete, small backend: everything the contract knows, kept in one SQLite file. */
export const createReferenceBackend = async (options: BackendOptions): Promise<ReferenceBackend> => {
  const { host = '127.0.0.1', databasePath = ':memory:', hooks = HOOKS } = options
  const store = openStore(databasePath)
  const house: House = { store, feed: createFeed(), hooks }
  for (const tenantId of options.seed ?? []) seedDemo(store, tenantId)
  const rules = { ...house, agentJwtSecret: options.agentJwtSecret, internalToken: options.internalToken ?? '' }
  const server = createServer((request, response) => {
    serve(rules, request, response).catch((error: unknown) => refuse(response, error))
  })
  const port = await listening(server, options.port ?? 0, host).catch((error: unknown) => {
    store.close()
    throw error
  })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    store,
    notify: (owner, what) => addNotification(house, owner, what),
    close: () =>
      new Promise((resolve) => {
        house.feed.close()
        server.close(() => {
          store.close()
          resolve()
        })
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 2_000).unref()
      }),
  }
}
