import { beforeEach, describe, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { uuidv7 } from '@/lib/shared/id'

type Json = Record<string, unknown>

const LOOKUP = { toolCalls: [{ id: 'c1', name: 'order_lookup', arguments: { order_id: '1001' } }] }

describeEachDialect('send', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  it('runs a tool of the backend, posts the answer, and leaves one trace, one ledger and one audit trail', async () => {
    const tenant = house.tenant()
    house.provider.script(LOOKUP, { text: 'It arrives on Tuesday.' })
    const { status, body, headers } = await tenant.json('send', tenant.say('Where is order ?'))
    expect({ status, ...body }).toMatchObject({
      status: 'ok',
      response: 'It arrives on Tuesday.',
      delivery: 'posted',
      stop_reason: 'completed',
      provider: 'openai',
    })
    expect(headers.get('x-trace-id')).toBe(body['trace_id'])

    expect(tenant.messages()).toMatchObject([
      { id: body['message_id'], task_id: body['task_id'], content: 'It arrives on Tuesday.' },
    ])
    const trace = await tenant.trace(String(body['trace_id']))
    expect(trace).toMatchObject({
      status: 'success',
      task_id: body['task_id'],
      message_id: body['message_id'],
      delivery: 'posted',
      agent_role: 'agent',
      user_id: 'u1',
      model: 'gpt-4o-mini',
      output: {
        message: 'It arrives on Tuesday.',
        tool_calls: [{ name: 'order_lookup', permitted: true, success: true }],
      },
    })
    expect(trace['workspace_hash']).toMatch(/^[0-9a-f]{64}$/)
    expect((trace['steps'] as Json[]).map(({ type }) => type)).toEqual([
      'llm_call',
      'tool_call',
      'tool_result',
      'llm_call',
    ])
    expect(trace['redacted_prompt']).toContain('Operating Rules')

    const ledger = await tenant.ledger()
    expect(ledger.map(({ state }) => state)).toEqual(['settled', 'settled'])
    const spent = ledger.reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0)
    expect(spent).toBeGreaterThan(0)
    expect(body['cost']).toMatchObject({ total_cost_micro_usd: spent })
    expect(trace['cost']).toMatchObject({ total_cost_micro_usd: spent })
    expect(await tenant.audits()).toEqual([
      'workspace_change',
      'agent_execution_started',
      'tool_call_requested',
      'tool_call_succeeded',
      'agent_execution_completed',
    ])
    const [, second] = house.provider.requests()
    expect(JSON.stringify(second?.body)).toContain('')
  })

  it('tells the model what was refused or failed, and goes on', async () => {
    const tenant = house.tenant()
    house.provider.script(
      {
        toolCalls: [
          { id: 'c1', name: 'refund_everything', arguments: {} },
          { id: 'c2', name: 'order_lookup', arguments: { order_id: 17 } },
        ],
      },
      { text: 'I could not.' },
    )
    const { body } = await tenant.json('send', tenant.say('Refund all'))
    expect(body).toMatchObject({ response: 'I could not.', stop_reason: 'completed' })
    expect((await tenant.audits()).sort()).toEqual(
      [
        'workspace_change',
        'agent_execution_started',
        'tool_call_requested',
        'tool_call_requested',
        'tool_permission_denied',
        'tool_call_failed',
        'agent_execution_completed',
      ].sort(),
    )
    const [, second] = house.provider.requests()
    expect(JSON.stringify(second?.body)).toContain('Not permitted')
    expect(JSON.stringify(second?.body)).toContain('do not fit')
  })

  it('asks three times, then the fallback three times, then says so: 502, an error in the trace, nothing charged', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ status: 500 }))
    const { status, body, headers } = await tenant.json('send', tenant.say('Hello'))
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'provider_error' })
    const attempts = (body['details'] as { attempts: Json[] }).attempts
    expect(attempts.map(({ provider, status: s }) => `${provider} ${s}`)).toEqual([
      ...Array(3).fill('openai 500'),
      ...Array(3).fill('anthropic 500'),
    ])
    const trace = await tenant.trace(headers.get('x-trace-id') ?? '')
    expect(trace).toMatchObject({ status: 'error', error_code: 'provider_error', delivery: 'none' })
    expect(
      (await tenant.ledger()).every(({ state, costMicroUsd }) => state === 'released' && costMicroUsd === 0n),
    ).toBe(true)
    expect(tenant.messages()).toEqual([])
    expect((await tenant.audits()).at(-1)).toBe('agent_execution_failed')
  })

  it('names who really answered', async () => {
    const tenant = house.tenant()
    house.provider.answer(({ path }) => (path.includes('/responses') ? { status: 503 } : undefined))
    const { body } = await tenant.json('send', tenant.say('Hello'))
    expect(body).toMatchObject({ provider: 'anthropic', cost: { model: 'claude-3-5-haiku-20241022' } })
    expect(await tenant.trace(String(body['trace_id']))).toMatchObject({ provider: 'anthropic' })
  })

  it('never takes an empty answer for one', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ isEmpty: true }))
    const { status, body } = await tenant.json('send', tenant.say('Hello'))
    expect(status).toBe(502)
    expect(String(body['code'])).toMatch(/^provider_/)
    expect(tenant.messages()).toEqual([])
  })

  it('charges an estimate for what was not metered, and says so', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'Unmetered words.', usage: false })
    const { body } = await tenant.json('send', tenant.say('Hello'))
    expect(body['usage']).toMatchObject({ usage_estimated: true })
    const line = (await tenant.ledger()).find(({ state }) => state !== 'released')
    expect(line).toMatchObject({ state: 'settled', isEstimated: true })
    expect(Number(line?.costMicroUsd)).toBeGreaterThan(0)
  })

  it('ends at the step limit with what it has', async () => {
    const tenant = house.tenant()
    let n = 0
    house.provider.answer(({ body }) => {
      n++
      const isClosing = JSON.stringify(body).includes('No more tools')
      return isClosing
        ? { text: 'Enough.' }
        : { toolCalls: [{ id: `c${n}`, name: 'order_lookup', arguments: { order_id: '1001' } }] }
    })
    const { body } = await tenant.json('send', tenant.say('Loop'))
    expect(body).toMatchObject({ stop_reason: 'step_limit', response: 'Enough.' })
    expect(n).toBe(25)
  }, 20_000)

  it('takes a wished trace id once, and keeps it as correlation the second time', async () => {
    const tenant = house.tenant()
    const id = uuidv7(Date.parse('2026-01-01'))
    const first = await tenant.json('send', tenant.say('Hello'), { 'x-trace-id': id })
    expect(first.body['trace_id']).toBe(id)
    const second = await tenant.json('send', tenant.say('Hello'), { 'x-trace-id': id })
    expect(second.status).toBe(200)
    expect(second.body['trace_id']).not.toBe(id)
    expect(second.headers.get('x-trace-id')).toBe(second.body['trace_id'])
    expect(await tenant.trace(String(second.body['trace_id']))).toMatchObject({ correlation_id: id })
    const named = await tenant.json('send', tenant.say('Hello'), { 'x-trace-id': 'ticket 17' })
    expect(await tenant.trace(String(named.body['trace_id']))).toMatchObject({ correlation_id: 'ticket 17' })
  })

  it('hands every system entry to the model, wherever it stands', async () => {
    const tenant = house.tenant()
    await tenant.json(
      'send',
      tenant.say('Last', {
        messages: [
          { role: 'system', content: 'LEADING' },
          { role: 'user', content: 'one' },
          { role: 'system', content: 'MIDDLE' },
          { role: 'assistant', content: 'two' },
          { role: 'system', content: 'TRAILING' },
        ],
      }),
    )
    const sent = JSON.stringify(house.provider.requests()[0]?.body)
    for (const word of ['LEADING', 'MIDDLE', 'TRAILING', 'Last']) expect(sent).toContain(word)
  })

  it('makes one task for parallel messages', async () => {
    const tenant = house.tenant()
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => tenant.json('send', tenant.say('Hello', { task_title: 'One task' }))),
    )
    expect(new Set(replies.map(({ body }) => body['task_id'])).size).toBe(1)
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200))
  })
})

describe('what is wrong with a message', () => {
  const house: AgentHouse = useAgentHouse('sqlite')

  it.each([
    ['too few parts', { session_key: 'user:u1' }, 'invalid_session_key'],
    ['another kind', { session_key: 'x:u1:r' }, 'invalid_session_key'],
    ['no user', { session_key: 'user::r', user_id: 'u1' }, 'invalid_session_key'],
    ['a path as role', { session_key: 'user:u1:../../x' }, 'invalid_session_key'],
    ['another user', { user_id: 'u2' }, 'user_mismatch'],
    ['no task', { task_title: undefined }, 'task_required'],
    ['an unknown model', { model: 'demo/gpt-99-huge' }, 'invalid_request'],
    ['an unknown time zone', { metadata: { timezone: 'Mars/Olympus' } }, 'invalid_request'],
    ['a blank message', { message: '  ' }, 'invalid_request'],
    ['a wrong type', { temperature: 'hot' }, 'invalid_request'],
  ])('%s: 400', async (_, over, code) => {
    const tenant = house.tenant()
    const { status, body } = await tenant.json('send', { ...tenant.say('Hello'), ...over })
    expect({ status, code: body['code'] }).toEqual({ status: 400, code })
    expect(await tenant.ledger()).toEqual([])
    expect(await tenant.audits()).toEqual([])
  })

  it('an unknown workspace is 404', async () => {
    const tenant = house.tenant()
    const { status } = await tenant.json('send', tenant.say('Hello', { metadata: { workspace_id: 'nowhere' } }))
    expect(status).toBe(404)
  })

  it('the mismatch counts for streams too', async () => {
    const tenant = house.tenant()
    const { status, body } = await tenant.json('stream', tenant.say('Hello', { user_id: 'u2' }))
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'user_mismatch' })
  })
})
