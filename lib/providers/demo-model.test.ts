import { beforeEach, describe, expect, it } from 'vitest'
import { modelKernel, outcomesOf, sampleCall, watchRetries } from '@/lib/core/testing/mock-provider/sample-call'
import type { ChatMessage, ToolSpec } from '@/lib/shared/chat'
import { callModel, costOf, type DemoStep, type ModelCall, priceOf, resolveModel, scriptDemo } from '.'

const DEMO = 'demo/clasper-demo'

beforeEach(
  () =>
    void modelKernel({
      CLASPER_RETRY_DELAY_MS: '1',
      CLASPER_MODEL_IDLE_MS: '150',
      CLASPER_MODEL_HEADER_MS: '300',
    }),
)

const TOOLS: ToolSpec[] = [
  {
    name: 'list_tasks',
    description: 'Lists the tasks of the user',
    parameters: { type: 'object', properties: { status: { type: 'string' } } },
  },
  {
    name: 'create_task',
    description: 'Creates a task',
    parameters: {
      type: 'object',
      properties: { title: { type: 'string' }, priority: { type: 'integer', minimum: 2 } },
      required: ['title', 'priority'],
    },
  },
  {
    name: 'find_orders',
    description: 'Finds orders of a customer',
    parameters: {
      type: 'object',
      properties: { query: { type: 'string' }, sort: { enum: ['new', 'old'] } },
      required: ['query', 'sort'],
    },
  },
]

const ask = (content: string, over: Partial<ModelCall> = {}) =>
  callModel(sampleCall(DEMO, { messages: [{ role: 'user', content }], ...over }))

const textOf = async (content: string, over: Partial<ModelCall> = {}): Promise<string> => {
  const answer = await ask(content, over)
  return answer.ok ? answer.text : `failed: ${answer.message}`
}

it('says what it is, word by word, always the same, and costs something', async () => {
  const deltas: string[] = []
  const answer = await ask('How are you?', { onText: (delta) => void deltas.push(delta) })
  expect(answer).toMatchObject({ ok: true, model: { name: DEMO, isDemo: true }, isEstimated: false, finish: 'stop' })
  const text = answer.ok ? answer.text : ''
  expect(text).toContain('demo model')
  expect(text).toContain('How are you?')
  expect(deltas.length).toBeGreaterThan(10)
  expect(deltas.join('')).toBe(text)
  expect(await textOf('How are you?')).toBe(text)
  expect(answer.ok && costOf(priceOf({ provider: 'demo', id: 'clasper-demo' }), answer.usage)).toBeGreaterThan(0)
})

it.each([
  ['What tasks are open?', 'list_tasks', {}],
  ['Please create a task "Call Ada"', 'create_task', { title: 'Call Ada', priority: 2 }],
  ['Where are the orders of Ada?', 'find_orders', { query: 'Where are the orders of Ada?', sort: 'new' }],
])('%s calls %s', async (message, name, given) => {
  const answer = await ask(message, { tools: TOOLS })
  expect(answer).toMatchObject({ ok: true, finish: 'tool_calls', toolCalls: [{ name, arguments: given }] })
})

it('calls no tool that has nothing to do with the message', async () => {
  expect(await ask('Good morning', { tools: TOOLS })).toMatchObject({ ok: true, finish: 'stop', toolCalls: [] })
})

it('answers from the results and calls nothing twice', async () => {
  const messages: ChatMessage[] = [
    { role: 'user', content: 'What tasks are open?' },
    { role: 'assistant', content: '', tool_calls: [{ id: 'demo_1_1', name: 'list_tasks', arguments: {} }] },
    { role: 'tool', tool_call_id: 'demo_1_1', name: 'list_tasks', content: 'Write report', is_error: false },
  ]
  const answer = await callModel(sampleCall(DEMO, { messages, tools: TOOLS }))
  expect(answer).toMatchObject({ ok: true, text: 'list_tasks answered: Write report', finish: 'stop' })
})

it('keeps still on a heartbeat', async () => {
  expect(await textOf('Read HEARTBEAT.md. If nothing needs attention, reply HEARTBEAT_OK.')).toBe('HEARTBEAT_OK')
  expect(await textOf('Hello', { system: 'In a heartbeat you may reply HEARTBEAT_OK.' })).toContain('demo model')
})

it('answers in JSON that fits the schema', async () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string', minLength: 6 },
      count: { type: 'integer', minimum: 3 },
      kind: { enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
      deep: { type: 'object', properties: { ok: { type: 'boolean' } } },
    },
  }
  const text = await textOf(`Answer with valid JSON only, by this schema:\n${JSON.stringify(schema, null, 2)}`)
  expect(JSON.parse(text)).toEqual({ title: 'demo..', count: 3, kind: 'a', tags: ['demo', 'demo'], deep: { ok: true } })
  expect(JSON.parse(await textOf('As JSON please'))).toEqual({ answer: 'As JSON please' })
})

it('summarises', async () => {
  expect(await textOf('Summarize:\nAda  wants\ntea.')).toBe('Summary: Summarize: Ada wants tea.')
})

describe('scripted by the test', () => {
  it('takes step after step, then its own mind', async () => {
    scriptDemo([{ text: 'First.' }, { toolCalls: [{ name: 'list_tasks', arguments: { status: 'x' } }] }])
    expect(await textOf('a')).toBe('First.')
    expect(await ask('a')).toMatchObject({ toolCalls: [{ name: 'list_tasks', arguments: { status: 'x' } }] })
    expect(await textOf('a')).toContain('demo model')
  })

  it.each([
    ['rate_limited', 3, 'none'],
    ['server', 3, 'none'],
    ['overloaded', 3, 'none'],
    ['network', 3, 'none'],
    ['auth', 1, 'none'],
    ['bad_request', 1, 'none'],
    ['context_overflow', 1, 'none'],
    ['unmetered_cut', 3, 'estimated'],
    ['content_filter', 1, 'estimated'],
    ['empty_response', 3, 'metered'],
    ['timeout_idle', 3, 'estimated'],
  ] as const)('fails as %s, in %i attempts, billed: %s', async (fails, attempts, billable) => {
    scriptDemo(Array.from({ length: 4 }, (): DemoStep => ({ fails })))
    const answer = await ask('a')
    expect(outcomesOf(answer.attempts)).toEqual(Array(attempts).fill(fails))
    expect(answer.attempts.every((attempt) => attempt.billable === billable)).toBe(true)
  })

  it('cuts arguments, leaves usage out, speaks before it fails', async () => {
    scriptDemo([
      { fails: 'invalid_tool_call', toolCalls: [{ name: 'a', arguments: { b: 1 } }] },
      { text: 'x', usage: false },
    ])
    const answer = await ask('a')
    expect(outcomesOf(answer.attempts)).toEqual(['invalid_tool_call', 'ok'])
    expect(answer).toMatchObject({ ok: true, isEstimated: true })
    scriptDemo([{ text: 'half an', fails: 'unmetered_cut' }])
    expect(await ask('a', { onText: () => undefined })).toMatchObject({ ok: false, partialText: 'half an' })
  })

  it('fails over like any other model, and the caller is told', async () => {
    scriptDemo([{ fails: 'auth' }])
    const { told, onRetry } = watchRetries()
    const fallback = { ...resolveModel(DEMO), name: 'demo/other' }
    const answer = await ask('a', { fallback, onRetry })
    expect(outcomesOf(answer.attempts)).toEqual(['auth', 'ok'])
    expect(told).toMatchObject([{ next: { isFallback: true, attempt: 2 } }])
  })

  it('waits, and ends when the caller leaves', async () => {
    scriptDemo([{ delayMs: 60_000 }])
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(), 20)
    const answer = await ask('a', { signal: leaving.signal })
    expect(answer).toMatchObject({ ok: false, kind: 'cancelled', attempts: [{ billable: 'none' }] })
  })
})

describe('scripted by the message', () => {
  const script = (steps: unknown) => `Please.\ndemo: ${JSON.stringify(steps)}`

  it('one step per answer since the message', async () => {
    const content = script([{ toolCalls: [{ name: 'list_tasks' }] }, { text: 'Done.' }])
    const first = await ask(content)
    expect(first).toMatchObject({ finish: 'tool_calls', toolCalls: [{ name: 'list_tasks', arguments: {} }] })
    const messages: ChatMessage[] = [
      { role: 'user', content },
      { role: 'assistant', content: '', tool_calls: first.ok ? first.toolCalls : [] },
      { role: 'tool', tool_call_id: 'demo_1_1', name: 'list_tasks', content: 'x', is_error: false },
    ]
    expect(await callModel(sampleCall(DEMO, { messages }))).toMatchObject({ ok: true, text: 'Done.' })
  })

  it('may fail for a while', async () => {
    const answer = await ask(script([{ fails: 'server', times: 2 }, { text: 'At last.' }]))
    expect(outcomesOf(answer.attempts)).toEqual(['server', 'server', 'ok'])
    expect(answer).toMatchObject({ ok: true, text: 'At last.' })
  })

  it('a script that cannot be read is a message', async () => {
    expect(await textOf('demo: [not a list]')).toContain('demo model')
    expect(await textOf('demo: [{"unknown":1}]')).toContain('demo model')
  })
})
