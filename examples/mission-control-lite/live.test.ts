import { describe, expect, it } from 'vitest'
import { INTERNAL, liteBackend, mc } from '@/e2e/fixtures/lite-desk'

const { house, ask, person } = liteBackend()

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
      const reply = await fetch(`${house.backend.url}${mc('/events')}`, {
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
