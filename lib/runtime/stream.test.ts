import { beforeEach, describe, expect, it } from 'vitest'
import { type AgentHouse, type AgentTenant, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

type Event = Record<string, unknown> & { type: string }

const eventsIn = (text: string): Event[] =>
  text
    .split('\n\n')
    .filter((frame) => frame.startsWith('event:'))
    .map((frame) => {
      const [name, data] = frame.split('\n')
      const event = JSON.parse(String(data).slice('data: '.length)) as Event
      expect(name).toBe(`event: ${event.type}`)
      return event
    })

const streamed = async (tenant: AgentTenant, body: object) => {
  const reply = await tenant.call('stream', body)
  return { status: reply.status, headers: reply.headers, events: eventsIn(await reply.text()) }
}

const textOf = (events: readonly Event[]) =>
  events
    .filter(({ type }) => type === 'chunk')
    .map(({ data }) => data)
    .join('')

const bare = (tenant: AgentTenant, message: string, more: object = {}) =>
  tenant.say(message, { task_title: undefined, ...more })

describeEachDialect('stream', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  it('tells start, chunks, tools and one done, after the commit, and is recorded like send', async () => {
    const tenant = house.tenant()
    house.provider.script(
      { text: 'One moment.', toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] },
      { text: ['It ', 'arrives ', 'Tuesday.'] },
    )
    const { status, headers, events } = await streamed(tenant, tenant.say('Where is it?'))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/event-stream')
    const [start] = events
    const done = events.at(-1)
    expect(events.filter(({ type }) => type === 'start' || type === 'done' || type === 'error')).toHaveLength(2)
    expect(start).toMatchObject({ type: 'start', trace_id: headers.get('x-trace-id') })
    expect(done).toMatchObject({
      type: 'done',
      response: 'It arrives Tuesday.',
      delivery: 'posted',
      stop_reason: 'completed',
    })
    expect(done?.['task_id']).toBe(start?.['task_id'])
    expect(textOf(events)).toBe('One moment.\n\nIt arrives Tuesday.')
    expect(events.filter(({ type }) => type.startsWith('tool'))).toMatchObject([
      { type: 'tool_call', id: expect.stringMatching(/^c1/), name: 'order_lookup', permitted: true },
      { type: 'tool_result', id: expect.stringMatching(/^c1/), name: 'order_lookup', success: true },
    ])
    expect(tenant.messages()).toMatchObject([{ content: 'It arrives Tuesday.' }])
    expect(await tenant.ledger()).toHaveLength(2)
    expect(await tenant.audits()).toEqual([
      'workspace_change',
      'agent_execution_started',
      'tool_call_requested',
      'tool_call_succeeded',
      'agent_execution_completed',
    ])
  })

  it('posts nothing where no task is named', async () => {
    const tenant = house.tenant()
    const { events } = await streamed(tenant, bare(tenant, 'Hello'))
    expect(events.at(-1)).toMatchObject({ type: 'done', task_id: null, delivery: 'none' })
    expect(tenant.messages()).toEqual([])
  })

  it('fails with an ordinary status before the first sign of life', async () => {
    const tenant = house.tenant()
    // Refused by key: no waits between attempts that a busy machine could stretch beyond the start.
    house.provider.answer(() => ({ status: 401 }))
    const { status, body } = await tenant.json('stream', bare(tenant, 'Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'provider_error' })
  })

  it('a cut after the first word is one error event: no second attempt, charged by estimate', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: ['One ', 'two ', 'three'], cutAfter: 5, chunkDelayMs: 30 })
    const { status, events, headers } = await streamed(tenant, bare(tenant, 'Hello'))
    expect(status).toBe(200)
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'provider_error', trace_id: headers.get('x-trace-id') })
    expect(events.filter(({ type }) => type === 'error')).toHaveLength(1)
    expect(house.provider.requests()).toHaveLength(1)
    const [line] = await tenant.ledger()
    expect(line).toMatchObject({ state: 'settled', isEstimated: true })
    expect(await tenant.trace(headers.get('x-trace-id') ?? '')).toMatchObject({ status: 'error' })
  })

  it('holds HEARTBEAT_OK back', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: ['HEART', 'BEAT', '_OK'] })
    const { events } = await streamed(tenant, tenant.say('Anything?'))
    expect(textOf(events)).toBe('')
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      response: 'HEARTBEAT_OK',
      suppressed: true,
      delivery: 'suppressed',
    })
    expect(tenant.messages()).toEqual([])
  })

  it('send with stream: true is the same', async () => {
    const tenant = house.tenant()
    const reply = await tenant.call('send', tenant.say('Hello', { stream: true }))
    const events = eventsIn(await reply.text())
    expect(events.at(-1)).toMatchObject({ type: 'done', delivery: 'posted' })
    const missing = await tenant.json('send', bare(tenant, 'Hello', { stream: true }))
    expect(missing.body['code']).toBe('task_required')
  })

  it('a client that leaves cancels the model and is charged what was spent', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: ['One ', 'two ', 'three ', 'four'], chunkDelayMs: 60 })
    const leaving = new AbortController()
    const reply = await tenant.call('stream', bare(tenant, 'Hello'), {}, leaving.signal)
    const reader = reply.body?.getReader()
    await reader?.read()
    await reader?.read()
    leaving.abort()
    await reader?.cancel().catch(() => undefined)
    const id = reply.headers.get('x-trace-id') ?? ''
    await expect.poll(async () => (await tenant.trace(id))['status'], { timeout: 5_000 }).toBe('cancelled')
    const [line] = await tenant.ledger()
    expect(line).toMatchObject({ state: 'settled', isEstimated: true })
    expect(Number(line?.costMicroUsd)).toBeGreaterThan(0)
    await expect.poll(() => house.provider.open()).toBe(0)
    expect(house.provider.abandoned()).toBeGreaterThan(0)
  })

  it('a client that does not read holds the model back, and gets everything when it reads', async () => {
    const tenant = house.tenant()
    const words = Array.from({ length: 2_000 }, (_, n) => `w${n} `)
    house.provider.script({ text: words })
    const reply = await tenant.call('stream', bare(tenant, 'Hello'))
    const { events } = { events: eventsIn(await reply.text()) }
    expect(textOf(events).trim()).toBe(words.join('').trim())
  })
})

describe('a heartbeat', () => {
  const house: AgentHouse = useAgentHouse('sqlite')
  beforeEach(() => house.provider.reset())
  const beat = { task_title: undefined, metadata: { type: 'mc.heartbeat' } }

  it('with nothing to say posts nothing, and is recorded and charged', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'HEARTBEAT_OK, all quiet.' })
    const { body } = await tenant.json('send', tenant.say('Read HEARTBEAT.md', beat))
    expect(body).toMatchObject({ response: 'HEARTBEAT_OK', suppressed: true, delivery: 'suppressed' })
    expect(tenant.messages()).toEqual([])
    expect(await tenant.ledger()).toHaveLength(1)
    expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ suppressed: true, status: 'success' })
  })

  it('with something to say posts it', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: `HEARTBEAT_OK ${'Look at the queue. '.repeat(20)}` })
    const { body } = await tenant.json('send', tenant.say('Read HEARTBEAT.md', beat))
    expect(body).toMatchObject({ delivery: 'posted' })
    expect(tenant.messages()[0]?.['content']).toMatch(/^Look at the queue/)
  })

  it.each([
    [{ notify: false, notificationText: 'x' }, []],
    [{ notify: true, notificationText: 'Two orders wait.' }, ['Two orders wait.']],
  ])('a structured answer %j beats the text', async (args, posted) => {
    const tenant = house.tenant()
    house.provider.script({ text: 'loud words', toolCalls: [{ id: 'h1', name: 'heartbeat_respond', arguments: args }] })
    await tenant.json('send', tenant.say('Read HEARTBEAT.md', beat))
    expect(tenant.messages().map(({ content }) => content)).toEqual(posted)
  })

  it('is not asked for at all when HEARTBEAT.md asks for nothing', async () => {
    const { writeFileSync, readFileSync } = await import('node:fs')
    const file = `${house.workspace}/HEARTBEAT.md`
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, '# Heartbeat\n\n')
    try {
      const tenant = house.tenant()
      const { body } = await tenant.json('send', tenant.say('Read HEARTBEAT.md', beat))
      expect(body).toMatchObject({ suppressed: true, cost: { total_cost_micro_usd: 0 } })
      expect(house.provider.requests()).toHaveLength(0)
      expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ status: 'success', suppressed: true })
    } finally {
      writeFileSync(file, before)
    }
  })
})
