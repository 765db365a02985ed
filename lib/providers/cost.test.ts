import { expect, it } from 'vitest'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { boundCost, costOf, estimateCost, priceOf } from '.'

const FIGURES = [1e15, 2 ** 31, Number.MAX_SAFE_INTEGER, 1.5, -7, Number.NaN, Number.POSITIVE_INFINITY]

it.each(FIGURES)('%d tokens have a price', (n) => {
  modelKernel({})
  const price = priceOf({ provider: 'openai', id: 'gpt-4' })
  const costs = [
    costOf(price, { input: n, output: n, cacheRead: n, cacheWrite: n }),
    estimateCost(price, n, n),
    boundCost(price, n, n),
  ]
  for (const cost of costs) expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true)
})
