import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { modelKernel, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockKey, mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import type { ChatMessage, ToolSpec } from '@/lib/shared/chat'
import { callModel } from '.'

const SEVEN = [
  { provider: 'openai', model: 'openai/gpt-4o-mini', path: '/v1/responses', header: 'authorization' },
  { provider: 'anthropic', model: 'anthropic/claude-sonnet-4-5', path: '/v1/messages', header: 'x-api-key' },
  {
    provider: 'google',
    model: 'google/gemini-2.5-flash',
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    header: 'x-goog-api-key',
  },
  { provider: 'xai', model: 'xai/grok-3', path: '/v1/chat/completions', header: 'authorization' },
  {
    provider: 'groq',
    model: 'groq/llama-3.3-70b-versatile',
    path: '/openai/v1/chat/completions',
    header: 'authorization',
  },
  { provider: 'mistral', model: 'mistral/mistral-small-latest', path: '/v1/chat/completions', header: 'authorization' },
  {
    provider: 'openrouter',
    model: 'openrouter/openai/gpt-4o',
    path: '/api/v1/chat/completions',
    header: 'authorization',
  },
]

const TOOLS: ToolSpec[] = [
  {
    name: 'list_tasks',
    description: 'Lists tasks',
    parameters: { type: 'object', properties: { status: { type: 'string' } }, required: ['status'] },
  },
]

// As another provider's model would have made it.
const HISTORY: ChatMessage[] = [
  { role: 'user', content: 'What is open?' },
  {
    role: 'assistant',
    content: 'I look.',
    tool_calls: [
      { id: 'call_one|fc_foreign.1', name: 'list_tasks', arguments: { status: 'open' } },
      { id: 'call two', name: 'list_tasks', arguments: { status: 'late' } },
    ],
  },
  { role: 'system', content: 'A word in between.' },
  {
    role: 'tool',
    tool_call_id: 'call_one|fc_foreign.1',
    name: 'list_tasks',
    content: 'RESULT-ONE',
    is_error: false,
  },
  { role: 'tool', tool_call_id: 'call two', name: 'list_tasks', content: 'RESULT-TWO', is_error: true },
]

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
  modelKernel(mockSurroundings(mock.url))
})
afterAll(() => mock.close())
beforeEach(() => mock.reset())

// Every pair of call and result in the request, whatever the protocol calls them.
const pairsIn = (body: unknown): { calls: string[]; results: string[] } => {
  const calls: string[] = []
  const results: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const one = value as Record<string, unknown>
    if (one['type'] === 'tool_use' || (one['type'] === 'function' && 'id' in one)) calls.push(String(one['id']))
    if (one['type'] === 'function_call') calls.push(String(one['call_id']))
    if (one['type'] === 'function_call_output') results.push(String(one['call_id']))
    if ('tool_use_id' in one || 'tool_call_id' in one) results.push(String(one['tool_use_id'] ?? one['tool_call_id']))
    if ('functionCall' in one) calls.push('by order')
    if ('functionResponse' in one) results.push('by order')
    Object.values(one).forEach(visit)
  }
  visit(body)
  return { calls, results }
}

describe.each(SEVEN)('$provider', ({ provider, model, path, header }) => {
  it('is asked where, with which key and for what; text and usage come back', async () => {
    const deltas: string[] = []
    const answer = await callModel(sampleCall(model, { onText: (delta) => void deltas.push(delta) }))
    expect(answer).toMatchObject({
      ok: true,
      text: 'Hello from the mock provider.',
      finish: 'stop',
      usage: { input: 12, output: 5, cacheRead: 0, cacheWrite: 0 },
      isEstimated: false,
      attempts: [{ outcome: 'ok', billable: 'metered', status: 200, isFallback: false, attempt: 1 }],
    })
    expect(deltas).toEqual(['Hello', ' from', ' the', ' mock', ' provider.'])
    const [request] = mock.requests()
    expect(request?.path).toBe(path)
    expect(request?.headers[header]).toContain(mockKey(provider))
    const body = JSON.stringify(request?.body)
    for (const part of ['You are the system.', 'Hello', '100', '0.4']) expect(body).toContain(part)
  })

  it('gets tools, and its calls of them come back whole', async () => {
    mock.script({
      text: 'Let me see.',
      toolCalls: [
        { id: 'call_a', name: 'list_tasks', arguments: { status: 'open' } },
        { id: 'call_b', name: 'list_tasks', arguments: { status: 'süß "late"' } },
      ],
    })
    const answer = await callModel(sampleCall(model, { tools: TOOLS }))
    expect(answer).toMatchObject({ ok: true, text: 'Let me see.', finish: 'tool_calls' })
    const calls = answer.ok ? answer.toolCalls : []
    expect(calls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ['list_tasks', { status: 'open' }],
      ['list_tasks', { status: 'süß "late"' }],
    ])
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
    expect(JSON.stringify(mock.requests()[0]?.body)).toContain('Lists tasks')
  })

  it('gets a history that another model began: results follow their calls, system entries keep their place', async () => {
    await callModel(sampleCall(model, { messages: HISTORY, tools: TOOLS }))
    const body = mock.requests()[0]?.body
    const text = JSON.stringify(body)
    const { calls, results } = pairsIn(body)
    expect(calls).toHaveLength(2)
    expect(results).toEqual(calls)
    for (const id of calls) expect(id).toMatch(/^(?:[a-zA-Z0-9_-]{1,64}|by order)$/)
    const order = ['I look.', 'RESULT-ONE', 'RESULT-TWO', '[System message]\\nA word in between.']
    const places = order.map((part) => text.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places.every((place) => place > 0)).toBe(true)
  })

  it('meters cached tokens apart, where it tells them', async () => {
    mock.script({ text: 'cached', usage: { input: 60, output: 7, cached: 40 } })
    const answer = await callModel(sampleCall(model))
    const usage = answer.ok ? answer.usage : null
    expect(usage).toEqual(
      provider === 'mistral'
        ? { input: 100, output: 7, cacheRead: 0, cacheWrite: 0 }
        : { input: 60, output: 7, cacheRead: 40, cacheWrite: 0 },
    )
  })

  it('tells when the answer was cut at the token limit', async () => {
    mock.script({ text: 'half an ans', finish: 'length', usage: { input: 30, output: 20 } })
    expect(await callModel(sampleCall(model))).toMatchObject({
      ok: true,
      finish: 'length',
      text: 'half an ans',
      usage: { input: 30, output: 20 },
      isEstimated: false,
    })
  })

  it('gives thoughts apart from the text', async () => {
    mock.script({ thinking: 'Hmm.', text: 'Yes.' })
    const answer = await callModel(sampleCall(model))
    expect(answer).toMatchObject(
      provider === 'mistral' ? { ok: true, text: 'Yes.' } : { ok: true, text: 'Yes.', thinking: 'Hmm.' },
    )
  })
})
