import { type Api, type Context, getModels, type Model, stream } from '@mariozechner/pi-ai'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { adjustPayload } from './adjust-payload'
import { libraryModelOf, temperatureFor } from './library-model'
import { PROVIDER_NAMES } from './provider-table'
import { resolveModel } from './resolve-model'

const CONTEXT: Context = {
  systemPrompt: 'system',
  messages: [
    { role: 'user', content: 'hello', timestamp: 0 },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'well' },
        { type: 'toolCall', id: 'call_1', name: 'tool', arguments: { a: 1 } },
      ],
      api: 'other',
      provider: 'other',
      model: 'other',
      usage: {
        input: 0,
        output: 0,
        cacheRead: 0,
        cacheWrite: 0,
        totalTokens: 0,
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
      },
      stopReason: 'toolUse',
      timestamp: 0,
    },
    {
      role: 'toolResult',
      toolCallId: 'call_1',
      toolName: 'tool',
      content: [{ type: 'text', text: 'done' }],
      isError: false,
      timestamp: 0,
    },
  ],
  tools: [{ name: 'tool', description: 'a tool', parameters: { type: 'object', properties: {} } as never }],
}

// The request body as the library would send it; nothing is sent.
const payloadOf = async (model: Model<Api>): Promise<unknown> => {
  let payload: unknown
  const onPayload = (built: unknown) => {
    payload = structuredClone(JSON.parse(JSON.stringify(built)))
    throw new Error('seen')
  }
  await stream(model, CONTEXT, {
    apiKey: 'none',
    maxTokens: 50,
    temperature: 0.4,
    maxRetries: 0,
    cacheRetention: 'short',
    onPayload,
  }).result()
  return payload
}

beforeAll(() => void modelKernel(mockSurroundings('http://127.0.0.1:9/gateway')))

describe.each(PROVIDER_NAMES)('%s', (provider) => {
  it('sends the same body to another address, for every model', async () => {
    for (const listed of getModels(provider)) {
      const ours = libraryModelOf(resolveModel(`${provider}/${listed.id}`))
      expect(ours?.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:9\/gateway/)
      expect(ours && (await payloadOf(ours))).toEqual(await payloadOf(listed))
    }
  })
})

it.each([
  ['openai', '/v1'],
  ['anthropic', ''],
  ['google', '/v1beta'],
  ['xai', '/v1'],
  ['groq', '/openai/v1'],
  ['mistral', ''],
  ['openrouter', '/api/v1'],
] as const)('the address of %s keeps %s, written by the operator or not', (provider, suffix) => {
  for (const base of ['http://gate:1/x', 'http://gate:1/x/', `http://gate:1/x${suffix}`]) {
    modelKernel({ [`LLM_BASE_URL_${provider.toUpperCase()}`]: base })
    expect(libraryModelOf(resolveModel(`${provider}/some-model`))?.baseUrl).toBe(`http://gate:1/x${suffix}`)
  }
})

const listed = (name: string): Model<Api> => {
  modelKernel({})
  const model = libraryModelOf(resolveModel(name))
  if (model === null) throw new Error(name)
  return model
}

it.each([
  ['openai/gpt-4o', 1.5, 1.5],
  ['openai/o3', 0.4, undefined],
  ['openai/gpt-5', 0.4, undefined],
  ['openai/gpt-5.1', 0.4, 0.4],
  ['anthropic/claude-sonnet-4-5', 1.5, 1],
  ['anthropic/claude-opus-4-7', 0.4, undefined],
  ['groq/llama-3.3-70b-versatile', 0.4, 0.4],
])('the temperature of %s: %s becomes %s', (name, wanted, sent) => {
  expect(temperatureFor(listed(name), wanted)).toBe(sent)
})

it('no model is asked for an effort that it does not have', () => {
  expect(adjustPayload({ a: 1, reasoning: { effort: 'none' } }, listed('openai/o3'))).toEqual({ a: 1 })
  expect(adjustPayload({ a: 1, reasoning: { effort: 'none' } }, listed('openai/gpt-5.1'))).toBeUndefined()
})

it('the first of Gemini 3 calls in the history says that it has no signature', () => {
  const call = { functionCall: { name: 'tool', args: {} } }
  const payload = {
    contents: [
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ text: 'b' }, call, call] },
    ],
  }
  expect(adjustPayload(payload, listed('google/gemini-3-pro-preview'))).toEqual({
    contents: [
      payload.contents[0],
      {
        role: 'model',
        parts: [{ text: 'b' }, { ...call, thoughtSignature: 'skip_thought_signature_validator' }, call],
      },
    ],
  })
  expect(adjustPayload(payload, listed('google/gemini-2.5-flash'))).toBeUndefined()
})
