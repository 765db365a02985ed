import { getEventListeners, setMaxListeners } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { modelKernel, sampleCall } from '@/lib/core/testing/mock-provider/sample-call'
import { type MockProvider, startMockProvider } from '@/lib/core/testing/mock-provider/start-mock-provider'
import { mockSurroundings } from '@/lib/core/testing/mock-provider/surroundings'
import { NO_USAGE } from '@/lib/shared/chat'
import { plus } from '@/lib/shared/money'
import { callModel, costOf, priceOf } from '.'

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
