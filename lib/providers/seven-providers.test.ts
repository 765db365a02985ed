import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installKernel } from '@/lib/core/kernel'
import { testKernel } from '@/lib/core/testing/kernel'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockKey, mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { callModel, type ModelCall, resolveModel } from '.'

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

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
  installKernel(testKernel('file::memory:', { env: mockSurroundings(mock.url) }))
})
afterAll(() => mock.close())
beforeEach(() => mock.reset())

const call = (model: string, over: Partial<ModelCall> = {}): ModelCall => ({
  model: resolveModel(model),
  fallback: null,
  system: 'You are the system.',
  messages: [{ role: 'user', content: 'Hello' }],
  tools: [],
  temperature: 0.4,
  maxTokens: 100,
  signal: new AbortController().signal,
  deadlineMs: 10_000,
  firstAttemptId: '0193f0a0-0000-7000-8000-000000000001',
  ...over,
})

describe.each(SEVEN)('$provider', ({ provider, model, path, header }) => {
  it('is asked where, with which key and for what; text and usage come back', async () => {
    const deltas: string[] = []
    const answer = await callModel(call(model, { onText: (delta) => void deltas.push(delta) }))
    expect(answer).toMatchObject({
      ok: true,
      text: 'Hello from the mock provider.',
      finish: 'stop',
      usage: { input: 12, output: 5, cacheRead: 0, cacheWrite: 0 },
      isEstimated: false,
    })
    expect(deltas).toEqual(['Hello', ' from', ' the', ' mock', ' provider.'])
    const [request] = mock.requests()
    expect(request?.path).toBe(path)
    expect(request?.headers[header]).toContain(mockKey(provider))
    const body = JSON.stringify(request?.body)
    for (const part of ['You are the system.', 'Hello', '100', '0.4']) expect(body).toContain(part)
  })
})
