import { getEventListeners, setMaxListeners } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelKernel, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { NO_USAGE } from '@/lib/shared/chat'
import { plus } from '@/lib/shared/money'
import { callModel, costOf, estimatePrompt, priceOf, warmModels } from '.'
import { isLoaded } from './library-load'

let mock: MockProvider

beforeAll(async () => {
  mock = await startMockProvider()
})
afterAll(() => mock.close())

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

const many = (model: string, count: number, signal: AbortSignal) =>
  Promise.all(
    Array.from({ length: count }, (_, n) => {
      const firstAttemptId = `0193f0a0-0000-7000-8000-${String(n).padStart(12, '0')}`
      return callModel(sampleCall(model, { signal, deadlineMs: 60_000, firstAttemptId }))
    }),
  )

it.each([
  ['demo/clasper-demo', 1_000],
  ['openai/gpt-4o-mini', 200],
])(
  '%s, %i calls at once: the sum of the charges is the charge of the sum, and nothing stays behind',
  async (model, count) => {
    modelKernel({ ...mockSurroundings(mock.url), CLASPER_MODEL_HEADER_MS: '30000', CLASPER_MODEL_IDLE_MS: '30000' })
    const { signal } = new AbortController()
    setMaxListeners(0, signal)
    const before = timers()
    const answers = await many(model, count, signal)
    const attempts = answers.flatMap((answer) => answer.attempts)
    expect(attempts).toHaveLength(count)
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(count)
    const [provider = '', id = ''] = model.split('/')
    const price = priceOf({ provider, id })
    const one = attempts[0]?.usage ?? NO_USAGE
    expect(attempts.every(({ usage }) => usage.input === one.input && usage.output === one.output)).toBe(true)
    expect(plus(...attempts.map(({ usage }) => costOf(price, usage)))).toBe(costOf(price, one) * count)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await expect.poll(timers).toBeLessThanOrEqual(before + 2)
  },
)

it('the libraries of the configured models can be read before anybody calls', async () => {
  modelKernel({ LLM_MODEL_DEFAULT: 'anthropic/claude-sonnet-4-5', LLM_MODEL_FALLBACK: 'google/gemini-2.5-flash' })
  await warmModels()
  expect(isLoaded('anthropic') && isLoaded('google')).toBe(true)
  expect(isLoaded('mistral')).toBe(false)
})

it('a prompt is counted part by part', () => {
  const tools = [{ name: 'a', description: 'b', parameters: {} }]
  const calls = [{ id: '1', name: 'a', arguments: {} }]
  expect(estimatePrompt({ system: '12345', messages: [], tools: [] })).toBe(2)
  expect(estimatePrompt({ system: '', messages: [{ role: 'user', content: '123456789' }], tools: [] })).toBe(3)
  expect(estimatePrompt({ system: '', messages: [{ role: 'assistant', content: '', tool_calls: calls }], tools })).toBe(
    Math.ceil(JSON.stringify(calls).length / 4) + Math.ceil(JSON.stringify(tools[0]).length / 4),
  )
})
