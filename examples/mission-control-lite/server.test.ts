import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { liteBackend, mc, SECRET, tokenOf } from '@/e2e/fixtures/lite-desk'

const { house, restart, ask, person } = liteBackend()

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
    expect(house.backend.store.all('SELECT * FROM messages WHERE task_id = ?', id)).toEqual([])
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
      request(`${house.backend.url}/`, { headers: { host: 'evil.example' } }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      }).end(),
    )
    expect(status).toBe(403)
  })

  it('has everything after a restart, in a file for its owner alone', async () => {
    const { token, newTask } = await person()
    const task = await newTask({ idempotency_key: 'kept', title: 'Kept' })
    await restart()
    expect((await newTask({ idempotency_key: 'kept', title: 'Kept' })).id).toBe(task.id)
    expect((await ask(mc('/tasks'), { token })).body.items).toMatchObject([{ id: task.id }])
    expect(statSync(house.databasePath).mode & 0o077).toBe(0)
  })

  it('tells what it can, with and without a token', async () => {
    const { token } = await person()
    expect((await ask(mc('/capabilities'), { token })).body).toMatchObject({ contract_version: 'v1' })
    expect((await ask('/api/capabilities')).body.features).toContain('tool_execute')
    expect((await ask('/health')).body).toEqual({ status: 'ok' })
  })
})
