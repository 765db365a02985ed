import { beforeEach, expect, it } from 'vitest'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { priceFor, withCost } from './span-cost'
import { NO_BUCKETS, type SpanRecord } from './span-record'

beforeEach(() => void modelKernel({}))

it.each([
  ['openai', 'gpt-4o'],
  ['azure.ai.openai', 'gpt-4o'],
  ['openai', 'gpt-4o-2024-08-06'],
  ['openai.responses', 'gpt-4o'],
  ['', 'openai/gpt-4o'],
  ['openrouter-like', 'gpt-4o'],
])('%s %s has the price of gpt-4o', (provider, model) => {
  expect(priceFor(provider, model)).toMatchObject({ input: 2_500_000, output: 10_000_000 })
})

it.each([
  ['openai', 'unheard-of'],
  ['constructor', '__proto__'],
  ['', ''],
  ['openai', 'x'.repeat(10_000)],
])('%s %.20s has none', (provider, model) => {
  expect(priceFor(provider, model)).toBeNull()
})

const CALL: SpanRecord = {
  ...{ traceId: 't', spanId: 's', parentSpanId: null, name: 'chat', kind: 'inference', startNs: 0n, endNs: 1n },
  ...{ status: 'ok', errorType: null, statusMessage: null, provider: 'openai', requestModel: 'gpt-4o' },
  ...{ responseModel: null, toolName: null, toolCallId: null, responseId: null, dialect: 'gen_ai', flags: [] },
  ...{ usage: { ...NO_BUCKETS, inUncached: 1_000 }, givenNanoUsd: null, computedNanoUsd: null, priceVersion: null },
  ...{ facts: {}, content: {} },
}

it('says what it does not know, and never that it costs nothing', () => {
  expect(withCost(CALL, false)).toMatchObject({
    computedNanoUsd: 2_500_000n,
    flags: [],
    facts: { prices: [2_500_000, 10_000_000, 1_250_000, 2_500_000] },
  })
  const unknown = withCost({ ...CALL, requestModel: 'unheard-of' }, false)
  expect(unknown).toMatchObject({ computedNanoUsd: null, flags: ['price_missing'] })
  expect(withCost({ ...CALL, usage: null }, false)).toMatchObject({ computedNanoUsd: null, flags: ['usage_missing'] })
})

it.each([
  [2_500_000n, []],
  [2_625_000n, []],
  [2_640_000n, ['cost_differs']],
  [2_300_000n, ['cost_differs']],
  [0n, ['cost_differs']],
])('%s given: %j', (givenNanoUsd, flags) => {
  expect(withCost({ ...CALL, givenNanoUsd }, false).flags).toEqual(flags)
})

it('a price once computed is not changed in silence', () => {
  const old = { ...CALL, computedNanoUsd: 1n, priceVersion: 'of old' }
  expect(withCost(old, true)).toMatchObject({ computedNanoUsd: 1n, priceVersion: 'of old' })
})
