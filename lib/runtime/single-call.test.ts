import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'

const talk = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `line ${i}` }))

const SCHEMA = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false }

describeEachDialect('calls of a model without an agent', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect)
  beforeEach(() => house.provider.reset())

  it.each([
    [0, 5, 1],
    [1, 5, 2],
    [2, 5, 3],
    [5, 5, 5],
    [9, 5, 5],
  ])('compact keeps %i of %i', async (keep, length, count) => {
    const tenant = house.tenant()
    house.provider.script({ text: 'SUMMARY' })
    const { body } = await tenant.json('compact', { messages: talk(length), keep_recent: keep })
    expect(body).toMatchObject({ original_count: length, compacted_count: count })
    const messages = body['compacted_messages'] as { role: string; content: string }[]
    if (keep >= length) {
      expect(messages).toEqual(talk(length))
      expect(body['trace_id']).toBeNull()
      expect(await tenant.ledger()).toEqual([])
      return
    }
    expect(messages[0]).toEqual({ role: 'system', content: '[Previous conversation summary]\nSUMMARY' })
    expect(messages.slice(1)).toEqual(talk(length).slice(length - keep))
    const sent = JSON.stringify(house.provider.requests()[0]?.body)
    expect(sent).toContain('line 0')
    if (keep > 0) expect(sent).not.toContain(`line ${length - 1}`)
  })

  it('a summary that is sent back reaches the model', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: 'They want it in blue.' })
    const { body } = await tenant.json('compact', { messages: talk(6) })
    house.provider.reset()
    await tenant.json('send', tenant.say('Which colour?', { messages: body['compacted_messages'] }))
    expect(JSON.stringify(house.provider.requests()[0]?.body)).toContain('They want it in blue.')
  })

  it('llm-task gives JSON that fits, in one call', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: '```json\n{"n": 4}\n```' })
    const { body, headers } = await tenant.json('llmTask', {
      prompt: 'How many?',
      input: [1, 2],
      schema: SCHEMA,
      max_tokens: 77,
    })
    expect(body).toMatchObject({ output: { n: 4 }, validated: true })
    expect(headers.get('x-trace-id')).toBe(body['trace_id'])
    expect(JSON.stringify(house.provider.requests()[0]?.body)).toContain('77')
  })

  it('repairs once what does not fit', async () => {
    const tenant = house.tenant()
    house.provider.script({ text: '{"n": "four"}' }, { text: '{"n": 4}' })
    const { body } = await tenant.json('llmTask', { prompt: 'How many?', schema: SCHEMA })
    expect(body).toMatchObject({ output: { n: 4 }, validated: true })
    expect(await tenant.ledger()).toHaveLength(2)
    expect(JSON.stringify(house.provider.requests()[1]?.body)).toContain('does not fit')
  })

  it('hands over what still does not fit, as not validated', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: '{"n": "four"}' }))
    const { status, body } = await tenant.json('llmTask', { prompt: 'How many?', schema: SCHEMA })
    expect({ status, ...body }).toMatchObject({ status: 'ok', output: { n: 'four' }, validated: false })
    expect(house.provider.requests()).toHaveLength(2)
  })

  it('text that is no JSON after the repair is 502, recorded and charged', async () => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ text: 'four, I think' }))
    const { status, body, headers } = await tenant.json('llmTask', { prompt: 'How many?' })
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'provider_invalid_output' })
    expect(body['error']).toBe('LLM task failed: invalid JSON returned: four, I think')
    expect(await tenant.trace(headers.get('x-trace-id') ?? '')).toMatchObject({
      status: 'error',
      error_code: 'provider_invalid_output',
    })
    expect((await tenant.ledger()).map(({ state }) => state)).toEqual(['settled', 'settled'])
  })

  it.each(['compact', 'llmTask'] as const)('%s retries and fails over like every run', async (name) => {
    const tenant = house.tenant()
    house.provider.answer(() => ({ status: 500 }))
    const asked = name === 'compact' ? { messages: talk(4) } : { prompt: 'x' }
    const { status, body } = await tenant.json(name, asked)
    expect({ status, code: body['code'] }).toEqual({ status: 502, code: 'provider_error' })
    expect((await tenant.ledger()).every(({ state }) => state === 'released')).toBe(true)
  })

  it('refuses a schema that is none, before anything is spent', async () => {
    const tenant = house.tenant()
    const { status } = await tenant.json('llmTask', { prompt: 'x', schema: { type: 'wrong' } })
    expect(status).toBe(400)
    expect(await tenant.ledger()).toEqual([])
  })
})
