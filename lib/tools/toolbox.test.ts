import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createReferenceBackend, type ReferenceBackend } from '@/examples/mission-control-lite/server'
import { agentToken } from '../auth'
import { type Backend, backendFor } from '../control-plane'
import { DIALECTS } from '../core/migrate/schema-source'
import type { Scope } from '../core/scope'
import { identityOf, newTenant, scopeOf, type TestTenant, useKernel } from '../core/testing/kernel'
import { changeToolSettings } from './settings'
import { type Toolbox, type ToolContext, toolsFor } from './toolbox'

const SECRET = 'a'.repeat(40)
const ALL = ['task_list', 'task_create', 'message_post', 'document_post', 'order_lookup', 'refund_create']

const never = new AbortController().signal

const backendOf = async (scope: Scope): Promise<Backend> =>
  backendFor(scope, {
    userId: 'ada',
    role: 'agent',
    traceId: scope.traceId,
    workspaceId: 'default',
    token: await agentToken(scope, { userId: 'ada', role: 'agent' }),
    signal: never,
  })

describe.each(DIALECTS)('tools of a run on %s', (dialect) => {
  const env: Record<string, string> = { AGENT_JWT_SECRET: SECRET }
  let house: ReferenceBackend
  beforeAll(async () => {
    house = await createReferenceBackend({ agentJwtSecret: SECRET })
    env['BACKEND_URL'] = house.url
  })
  useKernel(dialect, { env })
  afterAll(() => house.close())

  let tenant: TestTenant
  let taskId: string
  const open = async (grants: readonly string[], scope = tenant.scope): Promise<Toolbox> =>
    toolsFor(scope, { bundle: { toolGrants: grants, httpTools: [] }, backend: await backendOf(scope) })
  const context = (over: Partial<ToolContext> = {}): ToolContext => ({
    traceId: tenant.scope.traceId,
    taskId,
    signal: never,
    place: { role: 'agent', workspaceId: 'default', environment: 'default' },
    ...over,
  })
  const call = (box: Toolbox, name: string, args: Record<string, unknown> = {}, id = `call-${name}`) =>
    box.call({ id, name, arguments: args }, context())
  const names = ({ specs }: Toolbox) => specs.map(({ name }) => name)

  beforeEach(async () => {
    tenant = await newTenant()
    taskId = (await (await backendOf(tenant.scope)).resolveTask('Orders', {})).id
  })

  test('the permitted ones are shown, and every kind of them works', async () => {
    const box = await open(ALL)
    expect(names(box)).toEqual([...ALL].sort())
    expect(box.notes).toEqual([])
    expect(box.sourceOf('task_list')).toBe('built-in')
    expect(box.sourceOf('order_lookup')).toBe('backend')
    const order = await call(box, 'order_lookup', { order_id: '1042' })
    expect(order).toMatchObject({
      isError: false,
      permitted: true,
      tool: 'order_lookup',
      decision: { decision: 'allow' },
    })
    expect(JSON.parse(order.content)).toMatchObject({ order_id: '1042' })
    const made = JSON.parse((await call(box, 'task_create', { title: 'Call back' })).content)
    const posted = await call(box, 'message_post', { content: 'On it' })
    expect(posted).toMatchObject({ isError: false, permitted: true })
    await call(box, 'document_post', { title: 'Notes', content: '# Notes', doc_type: 'note', task_id: made.id })
    const { items } = JSON.parse((await call(box, 'task_list', { limit: 10 })).content)
    expect(items.map(({ title }: { title: string }) => title).sort()).toEqual(['Call back', 'Orders'])
    const rows = house.store.all('SELECT task_id, content FROM messages WHERE task_id = ?', taskId)
    expect(rows).toMatchObject([{ content: 'On it' }])
  })

  test('the same call twice acts once; a number that is used again for something else acts again', async () => {
    const refund = { order_id: '1042', amount_usd: 1, reason: 'late' }
    const [first, again] = await Promise.all([open(ALL), open(ALL)])
    const one = JSON.parse((await call(first, 'refund_create', refund, 'c1')).content)
    const same = JSON.parse((await call(again, 'refund_create', refund, 'c1')).content)
    expect(same.refund_id).toBe(one.refund_id)
    const other = await call(first, 'task_create', { title: 'Second' }, 'c1')
    expect(other).toMatchObject({ isError: false })
  })

  test('without a grant nothing is shown, nothing is asked and nothing is done', async () => {
    const box = await open([])
    expect(box.specs).toEqual([])
    expect(await call(box, 'order_lookup', { order_id: '1042' })).toMatchObject({
      isError: true,
      permitted: false,
      reason: { layer: 'skills' },
    })
  })

  test('a tool that was not granted is refused even though it exists', async () => {
    const box = await open(['order_*', 'shop:*', 'task_list'])
    expect(names(box)).toEqual(['task_list'])
    const told: boolean[] = []
    const outcome = await box.call(
      { id: 'c', name: 'refund_create', arguments: { order_id: '1042', amount_usd: 1, reason: 'x' } },
      context({ onDecided: (permitted) => void told.push(permitted) }),
    )
    expect(outcome).toMatchObject({
      permitted: false,
      reason: { layer: 'skills', reason: 'no skill in play grants it' },
    })
    expect(told).toEqual([false])
    expect(house.store.all('SELECT id FROM refunds WHERE tenant_id = ?', tenant.id)).toEqual([])
  })

  test('the tenant narrows, denies, and another tenant is not touched', async () => {
    await changeToolSettings(tenant.scope, {
      allowed_tools: ['order_lookup', 'task_list'],
      denied_tools: ['task_list'],
    })
    const box = await open(['*'])
    expect(names(box)).toEqual(['order_lookup'])
    const refused = async (name: string) => (await call(box, name, { order_id: '1042' })).reason
    expect(await refused('task_list')).toEqual({ layer: 'tenant', reason: 'the tenant denies it' })
    expect(await refused('refund_create')).toEqual({ layer: 'tenant', reason: 'the tenant does not allow it' })
    expect(await refused('no_such_tool')).toMatchObject({ layer: 'tenant' })
    expect(names(await open(ALL, (await newTenant('other')).scope))).toEqual([...ALL].sort())
  })

  test('a token narrows what the tenant allows and widens nothing', async () => {
    const held = (allowedTools: readonly string[] | '*') => scopeOf(identityOf(tenant.id, 'operator', { allowedTools }))
    expect(names(await open(['*'], held(['task_list', 'order_lookup'])))).toEqual(['order_lookup', 'task_list'])
    expect(names(await open(['*'], held([])))).toEqual([])
    const reason = (await call(await open(['*'], held(['task_list'])), 'order_lookup', {})).reason
    expect(reason).toEqual({ layer: 'tenant', reason: 'the token of the caller does not allow it' })
    await changeToolSettings(tenant.scope, { allowed_tools: ['task_list'] })
    expect(names(await open(['*'], held('*')))).toEqual(['task_list'])
    expect(names(await open(['*'], held(['order_lookup'])))).toEqual([])
  })

  test('what does not exist, does not fit or leads out is told to the model', async () => {
    const box = await open(['*'])
    expect(await call(box, 'made_up')).toMatchObject({ permitted: false, reason: { layer: 'catalogue' } })
    const misfit = await call(box, 'refund_create', { order_id: '1042', amount_usd: '5', reason: 'x' })
    expect(misfit).toMatchObject({ isError: true, permitted: true })
    expect(misfit.content).toContain('/amount_usd')
    expect(await call(box, 'task_list', { limit: 101 })).toMatchObject({ isError: true })
    expect(await call(box, 'task_list', { other: 1 })).toMatchObject({ isError: true })
    expect(await call(box, 'order_lookup', { order_id: '1042', path: 'a/../../etc' })).toMatchObject({
      permitted: false,
      reason: { layer: 'arguments' },
    })
    expect(house.store.all('SELECT id FROM refunds WHERE tenant_id = ?', tenant.id)).toEqual([])
  })

  test('the backend has the last word', async () => {
    const box = await open(['*'])
    expect(await call(box, 'refund_create', { order_id: '1042', amount_usd: 99_999, reason: 'x' })).toMatchObject({
      permitted: false,
      isError: true,
      reason: { layer: 'backend', reason: expect.stringContaining('can be refunded') },
    })
    const key = '-----BEGIN PRIVATE KEY-----'
    expect(await call(box, 'message_post', { content: key })).toMatchObject({
      permitted: false,
      reason: { layer: 'backend' },
    })
    const lost = await call(box, 'order_lookup', { order_id: '9' })
    expect(lost).toMatchObject({ permitted: true, isError: true })
    expect(lost.content).toContain('There is no order 9')
  })

  test('messages need a task and a text', async () => {
    const box = await open(['*'])
    const without = (args: Record<string, unknown>) =>
      box.call({ id: 'm', name: 'message_post', arguments: args }, context({ taskId: null }))
    expect((await without({ content: 'x' })).content).toContain('has no task')
    expect(await without({ content: 'x', task_id: taskId })).toMatchObject({ isError: false })
    expect((await without({ content: '  ', task_id: taskId })).content).toContain('content is empty')
    expect(await without({ content: '', task_id: taskId })).toMatchObject({ isError: true, permitted: true })
  })

  test('a cancelled run calls nothing any more', async () => {
    const box = await open(['*'])
    const outcome = await box.call(
      { id: 'x', name: 'task_create', arguments: { title: 'Never' } },
      context({ signal: AbortSignal.abort() }),
    )
    expect(outcome).toMatchObject({ isError: true, content: expect.stringContaining('cancelled') })
    expect(house.store.all("SELECT id FROM tasks WHERE title = 'Never'")).toEqual([])
  })

  test('whoever listens and fails changes nothing', async () => {
    const box = await open(['*'])
    const onDecided = () => Promise.reject(new Error('the client is gone'))
    expect(await box.call({ id: 'l', name: 'task_list', arguments: {} }, context({ onDecided }))).toMatchObject({
      isError: false,
    })
    const throwing = () => {
      throw new Error('at once')
    }
    expect(
      await box.call({ id: 'l', name: 'task_list', arguments: {} }, context({ onDecided: throwing })),
    ).toMatchObject({
      isError: false,
    })
  })
})

describe('where the mode is strict', () => {
  const env: Record<string, string> = { CLASPER_MODE: 'strict', BACKEND_URL: 'http://127.0.0.1:9' }
  useKernel('sqlite', { env })

  test('tools are shown, but a call without a policy is refused', async () => {
    const { scope } = await newTenant()
    const box = await toolsFor(scope, {
      bundle: { toolGrants: ['task_list'], httpTools: [] },
      backend: await backendOf(scope),
    })
    expect(box.specs).toHaveLength(1)
    const place = { role: null, workspaceId: 'default', environment: 'default' }
    const ctx = { traceId: scope.traceId, taskId: null, signal: never, place }
    expect(await box.call({ id: 'a', name: 'task_list', arguments: {} }, ctx)).toMatchObject({
      permitted: false,
      reason: { layer: 'policy' },
      decision: { decision: 'deny' },
    })
  })

  test('a backend that is away leaves the built-in tools and a note', async () => {
    const { scope } = await newTenant()
    const box = await toolsFor(scope, {
      bundle: { toolGrants: ['*'], httpTools: [] },
      backend: await backendOf(scope),
    })
    expect(box.specs).toHaveLength(4)
    expect(box.notes).toEqual(['The backend did not say which tools it has; they are left out'])
  })
})
