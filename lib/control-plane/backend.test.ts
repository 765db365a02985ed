import { describe, expect, it } from 'vitest'
import { createReferenceBackend } from '@/examples/mission-control-lite/server'
import { kernel } from '@/lib/core/kernel'
import {
  AGENT_SECRET,
  agentOf,
  closers,
  failureOf,
  json,
  kernelFor,
  scripted,
} from '@/lib/core/testing/scripted-backend'
import { isRetryable } from '.'
import { taskKey } from './tasks'

const MESSAGE = { taskId: 't1', content: 'hello', key: 'trace-1:message' }

describe('with the reference backend', () => {
  const start = async () => {
    const backend = await createReferenceBackend({ agentJwtSecret: AGENT_SECRET })
    closers.push(() => backend.close())
    kernelFor(backend.url, { CLASPER_BACKEND_TIMEOUT_MS: '5000' })
    return backend
  }

  it('makes one task under parallel sends and finds it again', async () => {
    const { store } = await start()
    const runs = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const agent = await agentOf({ traceId: `trace-${n}` })
        return agent.resolveTask('Support', { description: `Run ${n}` })
      }),
    )
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1)
    expect(store.all('SELECT title FROM tasks')).toEqual([{ title: 'Support' }])
    kernel()
      .slot('control-plane.tasks', () => new Map())
      .clear()
    expect(await (await agentOf()).resolveTask('Support', {})).toEqual({ id: runs[0]?.id, created: false })
  })

  it('finds one task among thousands, beyond what twenty pages show', async () => {
    const { store } = await start()
    const agent = await agentOf()
    const { id } = await agent.createTask({ title: 'The oldest' }, 'some-other-key')
    store.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
       INSERT INTO tasks (id, tenant_id, user_id, title, status) SELECT 'x' || i, 'acme', 'ada', 'Task ' || i, 'pending' FROM n`,
    )
    expect(await agent.resolveTask('The oldest', {})).toEqual({ id, created: false })
  })

  it('posts a message and a plan once, however often it is told to', async () => {
    const { store } = await start()
    const agent = await agentOf()
    const { id: taskId, created } = await agent.resolveTask('Support', {})
    expect(created).toBe(true)
    const first = await agent.postMessage({ ...MESSAGE, taskId })
    expect(await agent.postMessage({ ...MESSAGE, taskId })).toEqual(first)
    await agent.postDocument({ taskId, title: 'Plan', content: '1.', docType: 'plan', key: 'trace-1:plan' })
    expect(store.all('SELECT content, actor_type, agent_role FROM messages')).toEqual([
      { content: 'hello', actor_type: 'agent', agent_role: 'support' },
    ])
    expect(store.all('SELECT title, doc_type, user_id, tenant_id FROM documents')).toEqual([
      { title: 'Plan', doc_type: 'plan', user_id: 'ada', tenant_id: 'acme' },
    ])
  })

  it('looks a task up again when the one it remembers is gone', async () => {
    const { store } = await start()
    const agent = await agentOf()
    const { id } = await agent.resolveTask('Support', {})
    store.run('DELETE FROM tasks')
    const later = await agentOf({ traceId: 'trace-2' })
    expect((await later.resolveTask('Support', {})).id).toBe(id)
    const posted = await later.postMessage({ ...MESSAGE, taskId: id, key: 'trace-2:message' })
    expect(posted.taskId).not.toBe(id)
    expect(store.all('SELECT task_id FROM messages')).toEqual([{ task_id: posted.taskId }])
  })

  it('says 404 for a task that the caller named and nobody has', async () => {
    await start()
    const problem = await failureOf((await agentOf()).postMessage(MESSAGE))
    expect(problem).toMatchObject({ code: 'control_plane_error', message: 'Failed to post message: 404' })
    expect(isRetryable(problem)).toBe(false)
  })

  it('runs tools for the user and the tenant of the run', async () => {
    const { store } = await start()
    const agent = await agentOf({ tenant: 'globex', user: 'ben' })
    expect((await agent.listTools()).map(({ name }) => name)).toContain('refund_create')
    const args = { order_id: '1003', amount_usd: 9, reason: 'r' }
    const result = await agent.callTool('refund_create', args, 'trace-1:call-1')
    expect(result).toMatchObject({ order_id: '1003' })
    expect(await agent.callTool('refund_create', args, 'trace-1:call-1')).toEqual(result)
    expect(store.all('SELECT tenant_id, user_id FROM refunds')).toEqual([{ tenant_id: 'globex', user_id: 'ben' }])
    const problem = await failureOf(agent.callTool('refund_create', { ...args, amount_usd: 9999 }, 'trace-1:call-2'))
    expect(problem.details).toMatchObject({ upstream_status: 403, upstream_error: expect.stringContaining('At most') })
  })

  it('lists and creates tasks for the model', async () => {
    await start()
    const agent = await agentOf()
    for (const title of ['One', 'Two', 'Three']) await agent.createTask({ title }, `key-${title}`)
    const first = await agent.listTasks({ limit: 2 })
    const rest = await agent.listTasks({ limit: 2, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...rest.items].map(({ title }) => title)).toEqual(['Three', 'Two', 'One'])
    expect(rest.nextCursor).toBeNull()
  })
})

describe('what is sent', () => {
  it('follows the pages only as far as needed, with the key of the title', async () => {
    const seen = await scripted(({ method, url }, response) => {
      if (method === 'POST') return json(response, 201, { id: 77, title: 'New', status: 'in_progress' })
      const page = Number(new URL(url, 'http://x').searchParams.get('cursor') ?? 0)
      json(response, 200, {
        items: [{ id: `t${page}`, title: `Title ${page}`, status: 'pending' }],
        next_cursor: String(page + 1),
      })
    })
    const agent = await agentOf()
    expect(await agent.resolveTask('Title 2', {})).toEqual({ id: 't2', created: false })
    expect(seen).toHaveLength(3)
    expect(seen[0]?.url).toContain('limit=100')
    expect(await agent.resolveTask('Title 2', {})).toEqual({ id: 't2', created: false })
    expect(seen).toHaveLength(3)
    expect(await agent.resolveTask('New', {})).toEqual({ id: '77', created: true })
    expect(seen).toHaveLength(3 + 20 + 1)
    expect(seen.at(-1)?.body).toEqual({
      title: 'New',
      description: 'Agent thread: New',
      status: 'in_progress',
      metadata: { type: 'agent_thread' },
      idempotency_key: taskKey('ada', 'New'),
    })
    expect(taskKey('ada', 'New')).toMatch(/^task:[0-9a-f]{32}$/)
  })

  it('lists again on 409 and then creates under the key of the run', async () => {
    const keys: unknown[] = []
    await scripted(({ method, body }, response) => {
      if (method === 'GET') return json(response, 200, { items: [] })
      keys.push(body['idempotency_key'])
      if (keys.length === 1) return json(response, 409, { error: 'idempotency_key conflict' })
      json(response, 200, { id: 'own', title: 'T', status: 'in_progress' })
    })
    expect(await (await agentOf()).resolveTask('T', {})).toEqual({ id: 'own', created: true })
    expect(keys).toEqual([taskKey('ada', 'T'), 'trace-1:task'])
  })

  it('carries the context of a tool call, under an address with a prefix', async () => {
    const seen = await scripted((_seen, response) => json(response, 200, { ok: 1 }), {}, '/base/')
    await (await agentOf()).callTool('ns:a/b', { x: 1 }, 'trace-1:c1')
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/base/api/tools/ns%3Aa%2Fb',
      body: {
        arguments: { x: 1 },
        tenant_id: 'acme',
        workspace_id: 'main',
        trace_id: 'trace-1',
        idempotency_key: 'trace-1:c1',
      },
      headers: { 'x-tenant-id': 'acme', 'x-workspace-id': 'main', 'x-trace-id': 'trace-1' },
    })
    expect(seen[0]?.headers['x-agent-token']).toMatch(/^eyJ/)
  })

  it('asks for the tools once, whoever asks meanwhile, and not again for half a minute', async () => {
    const seen = await scripted((_seen, response) =>
      json(response, 200, {
        tools: [{ name: 'a' }, { name: 'a' }, { name: '../b' }, 7, { name: 'c', parameters: { type: 'object' } }],
      }),
    )
    const control = new AbortController()
    const [first, second] = [await agentOf({ signal: control.signal }), await agentOf()]
    const both = [first.listTools(), second.listTools()]
    control.abort()
    expect((await Promise.all(both)).map((tools) => tools.map(({ name }) => name))).toEqual([
      ['a', 'c'],
      ['a', 'c'],
    ])
    await second.listTools()
    expect(seen).toHaveLength(1)
    await (await agentOf({ tenant: 'globex' })).listTools()
    expect(seen).toHaveLength(2)
  })

  it('takes a backend without tools as it is, and asks a failing one again', async () => {
    const statuses = [404, 500, 500, 500, 200]
    await scripted((_seen, response) => json(response, statuses.shift() ?? 200, { tools: [{ name: 'a' }] }))
    expect(await (await agentOf()).listTools()).toEqual([])
    const other = await agentOf({ tenant: 'globex' })
    expect((await failureOf(other.listTools())).message).toBe('Failed to list tools: 500')
    expect(await other.listTools()).toHaveLength(1)
  })
})
