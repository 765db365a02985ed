import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { modelKernel, outcomesOf, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { assertModels, callModel } from '.'

const MODELS = [
  'openai/gpt-4o-mini',
  'anthropic/claude-sonnet-4-5',
  'google/gemini-2.5-flash',
  'xai/grok-3',
  'groq/llama-3.3-70b-versatile',
  'mistral/mistral-small-latest',
  'openrouter/openai/gpt-4o',
]

// What the libraries below us would find by themselves.
const STRAY = {
  OPENAI_API_KEY: 'stray',
  OPENAI_ORG_ID: 'stray',
  OPENAI_PROJECT_ID: 'stray',
  ANTHROPIC_API_KEY: 'stray',
  ANTHROPIC_AUTH_TOKEN: 'stray',
  ANTHROPIC_OAUTH_TOKEN: 'stray',
  GEMINI_API_KEY: 'stray',
  GOOGLE_API_KEY: 'stray',
  XAI_API_KEY: 'stray',
  GROQ_API_KEY: 'stray',
  MISTRAL_API_KEY: 'stray',
  OPENROUTER_API_KEY: 'stray',
  GOOGLE_GENAI_USE_VERTEXAI: 'true',
  GOOGLE_CLOUD_PROJECT: 'stray',
  GOOGLE_CLOUD_LOCATION: 'stray',
}

let mock: MockProvider
const before = { ...process.env }

beforeAll(async () => {
  mock = await startMockProvider()
})
afterAll(() => mock.close())
beforeEach(() => {
  mock.reset()
  Object.assign(process.env, STRAY)
})
afterEach(() => {
  for (const name of Object.keys(STRAY)) {
    const value = before[name]
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

const isKey = (name: string) => name.endsWith('_API_KEY')

it.each(MODELS)('%s: without a key nobody is asked, whatever the environment holds', async (model) => {
  const env = Object.fromEntries(Object.entries(mockSurroundings(mock.url)).filter(([name]) => !isKey(name)))
  modelKernel(env)
  const answer = await callModel(sampleCall(model))
  expect(answer).toMatchObject({ ok: false, kind: 'provider_error' })
  expect(outcomesOf(answer.attempts)).toEqual(['auth'])
  expect(answer.attempts[0]?.billable).toBe('none')
  expect(mock.requests()).toHaveLength(0)
})

it.each(MODELS)('%s: nothing of the environment goes out with our key', async (model) => {
  modelKernel(mockSurroundings(mock.url))
  expect((await callModel(sampleCall(model))).ok).toBe(true)
  const [request] = mock.requests()
  expect(request?.path).not.toContain('publishers')
  expect(JSON.stringify([request?.headers, request?.path])).not.toContain('stray')
  expect(Object.keys(request?.headers ?? {}).filter((name) => /authorization|api-key/.test(name))).toHaveLength(1)
})

it("a token for somebody else's tool is no key", async () => {
  modelKernel({ ...mockSurroundings(mock.url), ANTHROPIC_API_KEY: 'sk-ant-oat01-token' })
  expect(outcomesOf((await callModel(sampleCall('anthropic/claude-sonnet-4-5'))).attempts)).toEqual(['auth'])
  expect(mock.requests()).toHaveLength(0)
  expect(() => assertModels()).toThrow('ANTHROPIC_API_KEY')
})

it('a key that a provider repeats in its refusal is not kept', async () => {
  modelKernel({ ...mockSurroundings(mock.url), OPENAI_API_KEY: 'my-own-odd-key-1234567890' })
  mock.script({
    status: 401,
    body: JSON.stringify({ error: { message: 'Incorrect API key: my-own-odd-key-1234567890' } }),
  })
  const answer = await callModel(sampleCall('openai/gpt-4o-mini'))
  expect(JSON.stringify(answer)).not.toContain('my-own-odd-key')
})

it('other calls of fetch are left alone', async () => {
  modelKernel(mockSurroundings(mock.url))
  await callModel(sampleCall('openai/gpt-4o-mini'))
  const reply = await fetch(`${mock.url}/elsewhere`, { method: 'POST', body: '{}', headers: { authorization: 'mine' } })
  expect(reply.status).toBe(200)
  await reply.text()
  expect(mock.requests().at(-1)?.headers['authorization']).toBe('mine')
})
