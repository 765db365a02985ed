import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Schema, Validator } from '@cfworker/json-schema'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createReferenceBackend, type ReferenceBackend } from './server'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const INTERNAL = 'internal-token'

type Content = { content?: Record<string, { schema: Schema }> }
type Reply = Content & { $ref?: string }
type Operation = { operationId: string; security?: object[]; requestBody?: Content; responses: Record<string, Reply> }
type Doc = {
  security: object[]
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, Content>; schemas: Record<string, Schema> }
}

const doc = parse(readFileSync(join(process.cwd(), 'docs/control-plane.openapi.yaml'), 'utf8')) as Doc

const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)

const faultsOf = (schema: Schema, value: unknown): string[] =>
  new Validator({ ...schema, components: doc.components } as Schema, '2020-12', false)
    .validate(value)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)

const contentOf = (reply: Reply): Content =>
  reply.$ref ? (doc.components.responses[reply.$ref.split('/').at(-1) ?? ''] ?? {}) : reply

let backend: ReferenceBackend
let token = ''
const asked = new Set<string>()

beforeAll(async () => {
  backend = await createReferenceBackend({ agentJwtSecret: SECRET, internalToken: INTERNAL })
  token = await new SignJWT({ type: 'agent', user_id: 'ada', agent_role: 'agent', tenant_id: 'acme' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(SECRET))
})
afterAll(() => backend.close())

type Values = { body?: object; params?: Record<string, string>; query?: string; invalid?: boolean; nobody?: boolean }

const credentialsOf = ({ security = doc.security }: Operation): Record<string, string> => {
  if (security.length === 0) return {}
  return JSON.stringify(security).includes('internal') ? { 'x-internal-token': INTERNAL } : { 'x-agent-token': token }
}

// Calls what the document describes and holds both sides to it: what is sent and what comes back.
const call = async (operationId: string, status: number, values: Values = {}) => {
  const found = operations.find((one) => one.operation.operationId === operationId)
  if (!found) throw new Error(`${operationId} is not described`)
  const { path, method, operation } = found
  const request = operation.requestBody?.content?.['application/json']?.schema
  if (request && !values.invalid) expect(faultsOf(request, values.body)).toEqual([])
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.params?.[name] ?? '')
  const control = new AbortController()
  const reply = await fetch(`${backend.url}${address}${values.query ?? ''}`, {
    method,
    headers: { 'content-type': 'application/json', ...(values.nobody ? {} : credentialsOf(operation)) },
    ...(values.body ? { body: JSON.stringify(values.body) } : {}),
    signal: control.signal,
  })
  expect(reply.status).toBe(status)
  const described = operation.responses[String(status)]
  if (!described) throw new Error(`${operationId} ${status} is not described`)
  const [type = '', content] = Object.entries(contentOf(described).content ?? {})[0] ?? []
  expect(reply.headers.get('content-type')).toContain(type)
  asked.add(`${operationId} ${status}`)
  if (type === 'text/event-stream') {
    control.abort()
    return {}
  }
  const body = await reply.json()
  expect(faultsOf(content?.schema ?? {}, body)).toEqual([])
  return body
}

const REQUEST = { title: 'Mail', justification: 'j', interface: 'send(to)', scope: 'mail', risk_level: 'high' }

describe('docs/control-plane.openapi.yaml', () => {
  it('describes every address of the reference backend and no other', async () => {
    const { endpoints } = await (await fetch(`${backend.url}/api/capabilities`)).json()
    const all = [...endpoints, 'GET /api/mission-control/capabilities', 'GET /api/capabilities', 'GET /health']
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(all.sort())
  })

  it('says what the core answers', async () => {
    for (const id of ['getCapabilities', 'getOpenCapabilities', 'health']) await call(id, 200)
    const key = { idempotency_key: 'k1' }
    const metadata = { type: 'agent_thread' }
    const task = await call('createTask', 200, { body: { title: 'T', description: 'D', metadata, ...key } })
    await call('createTask', 409, { body: { title: 'Other', ...key } })
    await call('createTask', 200, { body: { title: 'U' } })
    expect((await call('listTasks', 200, { query: '?limit=1' })).next_cursor).toBeTruthy()
    await call('listTasks', 400, { query: '?limit=0' })
    const message = { task_id: task.id, content: 'Hello', actor_type: 'user', agent_role: 'agent', attachments: null }
    await call('postMessage', 200, { body: message })
    await call('postMessage', 400, { body: { ...message, content: '' }, invalid: true })
    await call('postMessage', 404, { body: { ...message, task_id: 'none' } })
    await call('postMessage', 403, { body: { ...message, content: '-----BEGIN PRIVATE KEY-----' } })
    const document = { task_id: task.id, title: 'P', content: '1.', doc_type: 'plan' }
    await call('postDocument', 200, { body: document })
    await call('postDocument', 404, { body: { ...document, task_id: 'none' } })
  })

  it('says what notifications, presence and events answer', async () => {
    const { items } = await call('listNotifications', 200, { query: '?unread=true' })
    await call('fetchUndelivered', 200)
    const { deliveries } = await call('listUndelivered', 200)
    expect(deliveries).toHaveLength(items.length)
    const params = { id: String(items[0].id) }
    await call('markDelivered', 200, { params, query: '?user_id=ada' })
    await call('markDelivered', 404, { params, query: '?user_id=ben' })
    await call('followEvents', 200)
    await call('heartbeat', 200, { body: { user_id: 'ada' } })
    await call('heartbeat', 403, { body: { user_id: 'ben' } })
    await call('standup', 200, { body: { user_id: 'ada', timezone: 'UTC' } })
    await call('standup', 400, { body: { user_id: 'ada', timezone: 'Nowhere/Here' } })
  })

  it('says what tools answer', async () => {
    const [first, other] = [
      await call('requestTool', 200, { body: REQUEST }),
      await call('requestTool', 200, { body: REQUEST }),
    ]
    const approve = { params: { id: first.id }, body: { status: 'approved', reason: 'fine' } }
    await call('decideToolRequest', 200, approve)
    await call('decideToolRequest', 409, approve)
    await call('decideToolRequest', 404, { ...approve, params: { id: 'none' } })
    await call('decideToolRequestByBody', 200, { body: { id: other.id, status: 'denied' } })
    await call('listToolRequests', 200)
    await call('listToolRequests', 400, { query: '?status=lost' })
    await call('listTools', 200)
    const body = { arguments: { order_id: '1042' }, tenant_id: 'acme' }
    await call('callTool', 200, { params: { name: 'order_lookup' }, body })
    await call('callTool', 400, { params: { name: 'order_lookup' }, body: { ...body, arguments: {} } })
    await call('callTool', 403, { params: { name: 'order_lookup' }, body: { ...body, tenant_id: 'other' } })
    await call('callTool', 404, { params: { name: 'none' }, body })
  })

  it('says 401 wherever a token is asked for, and left no operation untried', async () => {
    for (const { operation } of operations) {
      if (operation.responses['401']) {
        const params = { id: 'x', name: 'x' }
        await call(operation.operationId, 401, { nobody: true, params, invalid: true, ...bodyFor(operation) })
      }
    }
    expect(operations.filter(({ operation }) => !asked.has(`${operation.operationId} 200`))).toEqual([])
  })

  it('would notice a reply of another shape', () => {
    const shape = { $ref: '#/components/schemas/Task' }
    expect(faultsOf(shape, { id: 'x', title: 'T', status: 'in_progress' })).toEqual([])
    expect(faultsOf(shape, { id: 'x', title: 'T', status: 'done' })).not.toEqual([])
    expect(faultsOf(shape, { title: 'T', status: 'pending' })).not.toEqual([])
  })
})

const bodyFor = ({ requestBody }: Operation) => (requestBody ? { body: {} } : {})
