import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from './server'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'
const INTERNAL = 'internal-token'
const folder = mkdtempSync(join(tmpdir(), 'mission-control-lite-'))
const databasePath = join(folder, 'backend.db')

const tokenOf = (claims: Record<string, unknown>, secret = SECRET, life = '5m') =>
  new SignJWT({ type: 'agent', agent_role: 'agent', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(life)
    .sign(new TextEncoder().encode(secret))

const start = () => createReferenceBackend({ agentJwtSecret: SECRET, internalToken: INTERNAL, databasePath })

let backend: ReferenceBackend

beforeAll(async () => {
  backend = await start()
})
afterAll(async () => {
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
})

type Options = { token?: string; method?: string; body?: unknown; headers?: Record<string, string> }

const ask = async (path: string, { token, method, body, headers }: Options = {}) => {
  const reply = await fetch(`${backend.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(token ? { 'x-agent-token': token } : {}), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

const mc = (path: string) => `/api/mission-control${path}`

// A person of their own for every test, so that no test sees another's rows.
const person = async (tenantId?: string) => {
  const userId = `user-${randomUUID()}`
  const token = await tokenOf({ user_id: userId, ...(tenantId ? { tenant_id: tenantId } : {}) })
  const newTask = async (body: object = {}) =>
    (await ask(mc('/tasks'), { token, body: { title: `Task ${randomUUID()}`, ...body } })).body
  return { userId, token, newTask }
}

describe('who may ask', () => {
  it.each([
    ['no token', () => undefined],
    ['a forged token', () => tokenOf({ user_id: 'u' }, 'another-secret-that-is-long-enough-too')],
    ['an expired token', () => tokenOf({ user_id: 'u' }, SECRET, '-5m')],
    ['another type of token', () => tokenOf({ user_id: 'u', type: 'adapter' })],
    ['a token without a user', () => tokenOf({})],
    ['a token without a role', () => tokenOf({ user_id: 'u', agent_role: '' })],
    ['nonsense', () => 'nonsense'],
  ])('refuses %s with 401', async (_name, make) => {
    const token = await make()
    const { status, body } = await ask(mc('/tasks'), token ? { token } : {})
    expect(status).toBe(401)
    expect(body.error).toBeTruthy()
  })

  it('keeps people and tenants apart, also under one user id', async () => {
    const [ada, ben] = [await person('acme'), await person('acme')]
    const namesake = await tokenOf({ user_id: ada.userId, tenant_id: 'globex' })
    const task = await ada.newTask()
    for (const token of [ben.token, namesake]) {
      expect((await ask(mc('/tasks'), { token })).body.items).toEqual([])
      const posted = await ask(mc('/messages'), { token, body: { task_id: task.id, content: 'hello' } })
      expect(posted.status).toBe(404)
      const doc = await ask(mc('/documents'), { token, body: { task_id: task.id, title: 'T', content: 'C' } })
      expect(doc.status).toBe(404)
    }
    expect((await ask(mc('/tasks'), { token: ada.token })).body.items).toHaveLength(1)
  })
})

describe('creating', () => {
  it('answers a repeated key with the first reply and another request with 409', async () => {
    const { token, newTask } = await person()
    const task = await newTask()
    for (const [path, body, other] of [
      ['/tasks', { title: 'Once' }, { title: 'Twice' }],
      ['/messages', { task_id: task.id, content: 'one' }, { task_id: task.id, content: 'two' }],
      [
        '/documents',
        { task_id: task.id, title: 'D', content: 'one' },
        { task_id: task.id, title: 'D', content: 'two' },
      ],
    ] as const) {
      const key = { idempotency_key: `key-${path}` }
      const [first, again] = await Promise.all([
        ask(mc(path), { token, body: { ...body, ...key } }),
        ask(mc(path), { token, body: { ...key, ...body } }),
      ])
      expect([first.status, again.status]).toEqual([200, 200])
      expect(again.body).toEqual(first.body)
      const conflict = await ask(mc(path), { token, body: { ...other, ...key } })
      expect(conflict).toMatchObject({ status: 409, body: { error: 'idempotency_key conflict' } })
    }
    const stranger = await person()
    const same = await ask(mc('/tasks'), {
      token: stranger.token,
      body: { title: 'Mine', idempotency_key: 'key-/tasks' },
    })
    expect(same).toMatchObject({ status: 200, body: { title: 'Mine' } })
  })

  it('keeps the type of a document', async () => {
    const { token, newTask } = await person()
    const { id } = await newTask()
    for (const doc_type of ['deliverable', 'research', 'plan', 'standup', 'note']) {
      const body = { task_id: id, title: 'T', content: 'C', doc_type }
      expect((await ask(mc('/documents'), { token, body })).body).toMatchObject({ doc_type, task_id: id })
    }
  })

  it.each([
    ['/messages', { task_id: 't', content: '' }],
    ['/messages', { task_id: 't', content: '  ' }],
    ['/messages', { content: 'no task' }],
    ['/messages', { task_id: 't', content: 'x', attachments: [] }],
    ['/tasks', {}],
    ['/tasks', { title: 'x', status: 'done' }],
    ['/tasks', '{"title":'],
    ['/tasks', [1]],
    ['/documents', { task_id: 't', title: 'x', content: 'y', doc_type: 'poem' }],
    ['/standup', { user_id: 'x', timezone: 'Mars/North' }],
  ])('refuses %s %j with 400 and says why', async (path, body) => {
    const { token } = await person()
    const reply = await ask(mc(path), { token, body })
    expect(reply.status).toBe(400)
    expect(reply.body.error).toBeTruthy()
  })

  it('refuses what is too large, unknown or not allowed', async () => {
    const { token } = await person()
    expect((await ask(mc('/tasks'), { token, body: { title: 'x'.repeat(1_100_000) } })).status).toBe(413)
    expect((await ask(mc('/messages'), { token, body: { task_id: 'nope', content: 'x' } })).status).toBe(404)
    expect((await ask('/nowhere', { token })).status).toBe(404)
    expect((await ask(mc('/tasks'), { token, method: 'DELETE' })).status).toBe(405)
  })

  it('asks its plugin first, and keeps nothing that was blocked', async () => {
    const { token, newTask } = await person()
    const { id } = await newTask()
    const content = '-----BEGIN EC PRIVATE KEY-----'
    const body = { task_id: id, content, idempotency_key: 'blocked' }
    expect((await ask(mc('/messages'), { token, body })).status).toBe(403)
    expect(backend.store.all('SELECT * FROM messages WHERE task_id = ?', id)).toEqual([])
    expect((await ask(mc('/messages'), { token, body: { ...body, content: 'fine' } })).status).toBe(200)
  })
})

describe('listing', () => {
  it('hands out every task once, page by page, and finds one by its title', async () => {
    const { token, newTask } = await person()
    for (let n = 0; n < 7; n++) await newTask({ title: `Task ${n}` })
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await ask(mc(`/tasks?limit=3${cursor && `&cursor=${cursor}`}`), { token })
      seen.push(...body.items.map(({ title }: { title: string }) => title))
      cursor = body.next_cursor ?? ''
    } while (cursor)
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `Task ${n}`))
    const found = await ask(mc('/tasks?title=Task%202'), { token })
    expect(found.body.items.map(({ title }: { title: string }) => title)).toEqual(['Task 2'])
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=%00', 'cursor=zzzz'])
      expect((await ask(mc(`/tasks?${query}`), { token })).status).toBe(400)
  })
})

describe('notifications', () => {
  const waiting = async (userId: string) => {
    const { body } = await ask(mc('/dispatch/undelivered?limit_users=1000'), {
      headers: { 'x-internal-token': INTERNAL },
    })
    return body.deliveries.filter((delivery: { user_id: string }) => delivery.user_id === userId)
  }

  it('carries what a person writes until it is delivered', async () => {
    const { token, userId, newTask } = await person()
    const { id } = await newTask()
    await ask(mc('/messages'), {
      token,
      body: { task_id: id, content: 'Help me', actor_type: 'user', agent_role: 'support' },
    })
    const [delivery] = await waiting(userId)
    expect(delivery).toMatchObject({ user_id: userId, session_key: `user:${userId}:support`, content: 'Help me' })
    const done = mc(`/dispatch/notifications/${delivery.notification_id}/deliver?user_id=${userId}`)
    expect((await ask(done, { method: 'POST' })).status).toBe(401)
    expect((await ask(done, { method: 'POST', headers: { 'x-internal-token': 'wrong' } })).status).toBe(401)
    for (let twice = 0; twice < 2; twice++)
      expect((await ask(done, { method: 'POST', headers: { 'x-internal-token': INTERNAL } })).status).toBe(200)
    expect(await waiting(userId)).toEqual([])
    const unread = await ask(mc('/notifications?unread=true'), { token })
    expect(unread.body.items).toEqual([])
  })

  it('is told as a named event to nobody but its owner', async () => {
    const [ada, ben] = [await person(), await person()]
    const control = new AbortController()
    const listen = async (token: string) => {
      const reply = await fetch(`${backend.url}${mc('/events')}`, {
        headers: { 'x-agent-token': token },
        signal: control.signal,
      })
      return reply.body?.pipeThrough(new TextDecoderStream()).getReader()
    }
    const [hers, his] = [await listen(ada.token), await listen(ben.token)]
    const task = await ada.newTask()
    await ben.newTask({ title: 'Of Ben' })
    const until = async (reader: Awaited<ReturnType<typeof listen>>, word: string) => {
      let text = ''
      while (!text.includes(word)) text += (await reader?.read())?.value ?? ''
      return text
    }
    expect(await until(hers, task.id)).toContain('event: task.created\ndata: {')
    const his_text = await until(his, 'Of Ben')
    expect(his_text).not.toContain(task.id)
    control.abort()
  })
})

describe('tools', () => {
  const call = (token: string, name: string, args: object, more: object = {}) =>
    ask(`/api/tools/${name}`, { token, body: { arguments: args, ...more } })

  it('lists them with their schemas and runs them', async () => {
    const { token } = await person()
    const { body } = await ask('/api/tools', { token })
    expect(body.tools.map(({ name }: { name: string }) => name)).toEqual([
      'order_lookup',
      'customer_search',
      'refund_create',
    ])
    expect(body.tools[0].parameters).toMatchObject({ type: 'object', required: ['order_id'] })
    expect((await call(token, 'order_lookup', { order_id: '#1042' })).body).toMatchObject({ total_usd: 178 })
    expect((await call(token, 'customer_search', { query: 'ada' })).body.customers).toHaveLength(2)
    expect(await call(token, 'nope', {})).toMatchObject({ status: 404, body: { error: 'tool not found' } })
    expect((await call(token, 'order_lookup', {})).status).toBe(400)
    expect((await call(token, 'order_lookup', { order_id: '7' })).status).toBe(404)
    expect((await call(token, 'order_lookup', { order_id: '1001' }, { tenant_id: 'other' })).status).toBe(403)
  })

  it('pays once per key and never more than the order was worth', async () => {
    const { token } = await person()
    const args = { order_id: '1042', amount_usd: 100, reason: 'crackles' }
    const [first, again] = await Promise.all([
      call(token, 'refund_create', args, { idempotency_key: 'r1' }),
      call(token, 'refund_create', args, { idempotency_key: 'r1' }),
    ])
    expect(again.body).toEqual(first.body)
    expect(first.body).toMatchObject({ left_usd: 78 })
    expect((await call(token, 'refund_create', args, { idempotency_key: 'r2' })).status).toBe(403)
    expect((await call(token, 'order_lookup', { order_id: '1042' })).body).toMatchObject({ refunded_usd: 100 })
  })

  it('keeps requests for tools and decides each once', async () => {
    const { token } = await person()
    const body = { title: 'Mail', justification: 'j', interface: 'send(to)', scope: 'mail', risk_level: 'high' }
    const made = await ask(mc('/tool-requests'), { token, body })
    expect(made.body).toMatchObject({ status: 'pending', risk_level: 'high' })
    const decide = (status: string) =>
      ask(mc(`/tool-requests/${made.body.id}`), { token, method: 'PATCH', body: { status, reason: 'fine' } })
    expect((await decide('approved')).body).toMatchObject({ status: 'approved', decided_by: expect.any(String) })
    expect((await decide('denied')).status).toBe(409)
    expect((await ask(mc('/tool-requests?status=approved'), { token })).body.items).toHaveLength(1)
    expect((await ask(mc('/tool-requests?status=denied'), { token })).body.items).toEqual([])
  })
})

describe('the rest', () => {
  it('answers heartbeat and standup of the person who asks', async () => {
    const { token, userId, newTask } = await person()
    await newTask({ title: 'Doing it' })
    const beat = await ask(mc('/heartbeat'), { token, body: { user_id: userId } })
    expect(beat.body).toMatchObject({ status: 'ok', open_tasks: 1 })
    expect((await ask(mc('/heartbeat'), { token, body: { user_id: 'someone' } })).status).toBe(403)
    const standup = await ask(mc('/standup'), { token, body: { user_id: userId, timezone: 'Europe/Berlin' } })
    expect(standup.body).toMatchObject({ doing: ['Doing it'], date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
  })

  it('shows the posted answer on its page, escaped, and only on this machine', async () => {
    const { token, newTask } = await person()
    const { id } = await newTask({ title: '<b>Title</b>' })
    await ask(mc('/messages'), { token, body: { task_id: id, content: '<script>alert(1)</script>' } })
    const page = await ask('/')
    expect(page.body).toContain('&lt;script&gt;alert(1)')
    expect(page.body).not.toContain('<script>')
    const { request } = await import('node:http')
    const status = await new Promise((resolve) =>
      request(`${backend.url}/`, { headers: { host: 'evil.example' } }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      }).end(),
    )
    expect(status).toBe(403)
  })

  it('has everything after a restart, in a file for its owner alone', async () => {
    const { token, newTask } = await person()
    const task = await newTask({ idempotency_key: 'kept', title: 'Kept' })
    await backend.close()
    backend = await start()
    expect((await newTask({ idempotency_key: 'kept', title: 'Kept' })).id).toBe(task.id)
    expect((await ask(mc('/tasks'), { token })).body.items).toMatchObject([{ id: task.id }])
    expect(statSync(databasePath).mode & 0o077).toBe(0)
  })

  it('tells what it can, with and without a token', async () => {
    const { token } = await person()
    expect((await ask(mc('/capabilities'), { token })).body).toMatchObject({ contract_version: 'v1' })
    expect((await ask('/api/capabilities')).body.features).toContain('tool_execute')
    expect((await ask('/health')).body).toEqual({ status: 'ok' })
  })
})
